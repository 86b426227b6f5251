import { capacityView } from '../capacity/capacity-view.ts';
import { type DemandDay, demandDays, type Metric } from '../capacity/demand.ts';
import type { ForecastResponse } from '../capacity/forecast-answer.ts';
import { forecastView } from '../capacity/forecast-view.ts';
import { seededRandom } from '../forecasting/random.ts';
import type { Region } from '../identifiers.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import { addDays, type Day, dayOf } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { CapacityStore, ImportedDemand } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { ForecastStore } from '../ports/documents.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Regions } from '../ports/regions.ts';
import type { UsageTotals } from '../ports/usage-totals.ts';

export interface PlanningPorts {
  readonly regions: Pick<Regions, 'list'>;
  readonly totals: Pick<UsageTotals, 'listRegionDays'>;
  readonly imported: Pick<ImportedDemand, 'list'>;
  readonly capacity: Pick<CapacityStore, 'latest'>;
  readonly configuration: Pick<ConfigStore, 'get'>;
  readonly forecasts: Pick<ForecastStore, 'put'>;
  readonly lake: Pick<ObjectStore, 'put'>;
  readonly now: () => Date;
}

export interface ForecastTarget {
  readonly region: Region;
  readonly metric: Metric;
}

export interface MadeForecast extends ForecastTarget {
  readonly origin: Day;
  readonly status: ForecastResponse['status'];
  /** The model that was chosen; null when there are too few observations for any. */
  readonly model: string | null;
}

const METRICS: readonly Metric[] = ['cores', 'ram'];
/** A year ahead is kept; readers cut it to what they are asked. */
const HORIZON_DAYS = 365;
/** No model looks further back. */
const HISTORY_DAYS = 1_500;

/** Regions and metrics of which any day of demand is known. */
export async function forecastTargets(ports: PlanningPorts): Promise<readonly ForecastTarget[]> {
  const regions = await ports.regions.list();
  const candidates = regions.flatMap(({ region }) => METRICS.map((metric) => ({ region, metric })));
  const known: ForecastTarget[] = [];
  for (const target of candidates) {
    if ((await knownDays(ports, target)).length > 0) known.push(target);
  }
  return known;
}

/**
 * Forecasts the demand of a region a year ahead and keeps it: in the lake for good, and in the table
 * for the API. The same history and capacity give the same forecast, to the last digit.
 */
export async function forecastRegion(
  ports: PlanningPorts,
  target: ForecastTarget,
): Promise<MadeForecast> {
  const { region, metric } = target;
  const days = await knownDays(ports, target);
  const origin = days.at(-1)?.date ?? addDays(todayOf(ports), -1);
  const body = forecastView({
    region,
    metric,
    days,
    usable: await usableOf(ports, target),
    horizonDays: HORIZON_DAYS,
    random: seededRandom(seedOf(`${region}/${metric}/${origin}`)),
  });
  const record = { region, metric, origin, createdAt: ports.now().toISOString(), body };
  await ports.lake.put(
    `forecasts/region=${region}/metric=${metric}/${origin}.json`,
    new TextEncoder().encode(JSON.stringify(record)),
    { contentType: 'application/json' },
  );
  await ports.forecasts.put(record);
  const model = body.status === 'forecast' ? body.model.name : null;
  return { region, metric, origin, status: body.status, model };
}

async function knownDays(
  ports: PlanningPorts,
  { region, metric }: ForecastTarget,
): Promise<readonly DemandDay[]> {
  const today = todayOf(ports);
  const from = addDays(today, -HISTORY_DAYS);
  const [metered, imported] = await Promise.all([
    ports.totals.listRegionDays(region, from, today),
    ports.imported.list(region, metric, from, today),
  ]);
  return demandDays({ metric, metered, imported, today });
}

/** Usable capacity in cores or GiB; null when no host of the region is known. */
async function usableOf(
  ports: PlanningPorts,
  { region, metric }: ForecastTarget,
): Promise<number | null> {
  const [snapshots, settings] = await Promise.all([
    ports.capacity.latest(region),
    storedSettings(ports.configuration, region),
  ]);
  return capacityView(region, snapshots, settings.capacity ?? {})?.[metric]?.usable ?? null;
}

function todayOf({ now }: PlanningPorts): Day {
  return dayOf(instantOfDate(now()));
}

/** FNV-1a, 32 bits: another seed for another series. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
