import type { Metric } from '../capacity/demand.ts';
import { parseRegion } from '../identifiers.ts';
import { dayOf } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { RegionForecast } from '../planning/region-forecast.ts';
import type { RegionForecastInputs, SeriesForecaster } from '../planning/region-inputs.ts';
import { seedOf } from '../planning/seed.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { explainChange } from './explain-change.ts';
import type { ForecastChange } from './forecast-change.ts';
import { keptForecastBefore } from './keep-forecast.ts';
import { keptForecastOf } from './kept-forecast-of.ts';
import { planOf } from './kept-plan.ts';
import { recordNight } from './record-night.ts';
import type { TrackRecord } from './track-record.ts';
import { usableByDay } from './usable-by-day.ts';

export interface RecordPorts {
  readonly lake: Pick<ObjectStore, 'get' | 'head' | 'list' | 'put'>;
  readonly codeVersion: string;
  readonly now: () => Date;
}

/** What stands beside a forecast. */
export interface Beside {
  readonly record: TrackRecord | null;
  readonly change: ForecastChange | null;
}

/** Keeps and scores the forecast of a resource, and says why it is another than a week before. */
export async function recordForecast(
  ports: RecordPorts,
  metric: Metric,
  night: {
    readonly inputs: RegionForecastInputs;
    readonly made: RegionForecast;
    readonly forecast: SeriesForecaster;
  },
): Promise<Beside> {
  const { inputs, made } = night;
  const [answer, plan] = [made[metric], made.plans[metric]];
  if (answer.status === 'not_enough_data' || plan === null) return { record: null, change: null };
  const madeOn = dayOf(instantOfDate(ports.now()));
  const region = parseRegion(inputs.region);
  const kept = await keptForecastOf({
    region,
    answer,
    madeOn,
    createdAt: ports.now().toISOString(),
    codeVersion: ports.codeVersion,
    seed: seedOf(`${region}/${metric}/${answer.origin}`),
    usable: usableByDay(plan),
    plan: planOf(inputs),
  });
  const earlier = await keptForecastBefore(ports.lake, { region, metric }, madeOn);
  const happened = new Map(inputs.demand[metric].map(({ date, peak }) => [date, peak]));
  return {
    record: await recordNight(ports.lake, kept, happened),
    change: earlier && explainChange(earlier, { ...night, madeOn }),
  };
}
