import { flavorCatalogue } from '../capacity/flavors.ts';
import { type Host, mergeHosts, type ResourceClass } from '../capacity/hosts.ts';
import { overcommitOf, type PresentRatios } from '../capacity/overcommit.ts';
import { meteredFlavors, presentMix } from '../capacity/present-mix.ts';
import { reclaimable, reclaimRules } from '../capacity/reclaim.ts';
import { ReclaimCosts } from '../capacity/reclaim-cost.ts';
import { pricedFindings } from '../capacity/reclaim-items.ts';
import { storedFlavors } from '../capacity/stored-flavors.ts';
import type { SurveyBody } from '../capacity/survey-answer.ts';
import { pricingDocuments } from '../closing/rating-inputs.ts';
import type { Region } from '../identifiers.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import { addDays, type Day, startOfDay } from '../period/calendar.ts';
import type { CapacityStore } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { SurveyStore } from '../ports/surveys.ts';
import { readCostPool } from '../rating/cost-pool.ts';
import { readExchangeRate } from '../rating/exchange-rates.ts';
import { readRateCard } from '../rating/rate-card.ts';
import { readTeam, type Team, UNASSIGNED } from '../rating/team.ts';
import { lastMeteredDay, readDays, type SurveyDayPorts } from './survey-days.ts';

export interface SurveyPorts extends SurveyDayPorts {
  readonly configuration: Pick<ConfigStore, 'get' | 'list'>;
  readonly capacity: Pick<CapacityStore, 'latest'>;
  readonly lake: Pick<ObjectStore, 'list' | 'download' | 'put'>;
  readonly surveys: Pick<SurveyStore, 'put'>;
}

export interface MadeSurvey {
  readonly region: Region;
  /** Null when no day of the last ones was metered: nothing was surveyed. */
  readonly day: Day | null;
  readonly instances: number;
  readonly reclaimable: number;
}

const DAYS = 7;
const FINDINGS_MAX = 5_000;

/**
 * Reads the samples of the last days for what instances use of what they hold, and keeps what was
 * found: what could be given back and what that costs, how far hosts may be overcommitted, and which
 * flavors stand. A day at a time, so that the disk holds one.
 */
export async function surveyRegion(ports: SurveyPorts, region: Region): Promise<MadeSurvey> {
  const last = await lastMeteredDay(ports, region);
  if (last === null) return { region, day: null, instances: 0, reclaimable: 0 };
  const { capacity = {} } = await storedSettings(ports.configuration, region);
  const days = capacity.reclaim?.days ?? DAYS;
  const snapshots = await ports.capacity.latest(region);
  const hosts = mergeHosts(snapshots);
  const { findings, usage } = await readDays(ports, { region, last, days, hosts });
  const until = startOfDay(addDays(last, 1));
  const mix = presentMix(findings.instances, until);
  const { configuration } = ports;
  const known = await storedFlavors({ configuration, capacity: ports.capacity }, region);
  const flavors = flavorCatalogue([...known, ...meteredFlavors(mix)]);
  const found = reclaimable(findings, { rules: reclaimRules(capacity.reclaim), flavors, until });
  const pricing = await pricingOf(ports);
  const reclaim = await pricedFindings(region, found, {
    costs: new ReclaimCosts({ region, day: last, usage, pricing }),
    teamsOf: (project) => teamsOf(pricing.teams, project, until - 1),
  });
  const body: SurveyBody = {
    day: last,
    days,
    mix,
    overcommit: {
      ...{ region, day: last, days },
      ...overcommitOf(findings, capacity.overcommit ?? {}, presentRatios(hosts)),
    },
    reclaim: reclaim.slice(0, FINDINGS_MAX),
    leftOut: Math.max(0, reclaim.length - FINDINGS_MAX),
  };
  await keep(ports, { region, day: last, body });
  const instances = findings.instances.length;
  return { region, day: last, instances, reclaimable: reclaim.length };
}

async function keep(
  ports: SurveyPorts,
  { region, day, body }: { readonly region: Region; readonly day: Day; readonly body: SurveyBody },
): Promise<void> {
  const record = { region, day, createdAt: ports.now().toISOString(), body };
  await ports.lake.put(
    `surveys/region=${region}/${day}.json`,
    new TextEncoder().encode(JSON.stringify(record)),
    { contentType: 'application/json' },
  );
  await ports.surveys.put(record);
}

async function pricingOf(ports: SurveyPorts) {
  const documents = await pricingDocuments(ports);
  return {
    cards: documents.cards.map(({ body }) => readRateCard(body)),
    teams: documents.teams.map(({ body }) => readTeam(body)),
    pools: documents.pools.map(({ body }) => readCostPool(body)),
    exchangeRates: documents.exchangeRates.map(({ body }) => readExchangeRate(body)),
  };
}

/** Where no card prices it, who would pay. */
function teamsOf(teams: readonly Team[], project: string, at: number): readonly string[] {
  const own = teams.filter((team) =>
    team.projects.some(
      ({ project: id, from, to }) =>
        id === project && (from ?? at) <= at && at < (to ?? Number.POSITIVE_INFINITY),
    ),
  );
  return own.length > 0 ? own.map(({ id }) => id) : [UNASSIGNED];
}

function presentRatios(hosts: readonly Host[]): PresentRatios {
  const ratioOf = (resourceClass: ResourceClass) => {
    const amounts = hosts.flatMap((host) => host.amounts[resourceClass] ?? []);
    const sum = (pick: (amount: (typeof amounts)[number]) => number) =>
      amounts.reduce((total, amount) => total + pick(amount), 0);
    const physical = sum((amount) => amount.physical ?? 0);
    const capacity = sum((amount) => amount.capacity);
    return physical > 0 && capacity > 0 ? Math.round((100 * capacity) / physical) / 100 : null;
  };
  return { cpu: ratioOf('VCPU'), ram: ratioOf('MEMORY_MB') };
}
