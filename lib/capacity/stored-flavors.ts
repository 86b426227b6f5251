import type { Region } from '../identifiers.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import type { CapacityStore } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { flavorCatalogue, flavorOfSettings, type NamedFlavor } from './flavors.ts';

export interface FlavorPorts {
  readonly configuration: Pick<ConfigStore, 'get'>;
  readonly capacity: Pick<CapacityStore, 'latest'>;
}

/** The flavors of a region that are known, sorted by name: see `flavorCatalogue`. */
export async function storedFlavors(
  ports: FlavorPorts,
  region: Region,
): Promise<readonly NamedFlavor[]> {
  const [{ flavors = [] }, snapshots] = await Promise.all([
    storedSettings(ports.configuration, region),
    ports.capacity.latest(region),
  ]);
  const ingested = snapshots.flatMap((snapshot) => snapshot.flavors ?? []);
  return flavorCatalogue([
    ...flavors.map(flavorOfSettings),
    ...ingested.map((flavor): NamedFlavor => ({ ...flavor, origin: 'nova' })),
  ]);
}
