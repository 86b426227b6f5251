import type { Region } from '../identifiers.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import type { CapacityStore } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { SurveyStore } from '../ports/surveys.ts';
import { flavorCatalogue, flavorOfSettings, type NamedFlavor } from './flavors.ts';
import { meteredFlavors } from './present-mix.ts';
import { surveyBody } from './survey-answer.ts';

export interface FlavorPorts {
  readonly configuration: Pick<ConfigStore, 'get'>;
  readonly capacity: Pick<CapacityStore, 'latest'>;
  /** Without, flavors that only metered instances name are not known. */
  readonly surveys?: Pick<SurveyStore, 'latest'>;
}

/** The flavors of a region that are known, sorted by name: see `flavorCatalogue`. */
export async function storedFlavors(
  { configuration, capacity, surveys }: FlavorPorts,
  region: Region,
): Promise<readonly NamedFlavor[]> {
  const [{ flavors = [] }, snapshots, survey] = await Promise.all([
    storedSettings(configuration, region),
    capacity.latest(region),
    surveys?.latest(region) ?? null,
  ]);
  const ingested = snapshots.flatMap((snapshot) => snapshot.flavors ?? []);
  return flavorCatalogue([
    ...flavors.map(flavorOfSettings),
    ...ingested.map((flavor): NamedFlavor => ({ ...flavor, origin: 'nova' })),
    ...(survey === null ? [] : meteredFlavors(surveyBody.parse(survey.body).mix)),
  ]);
}
