import * as z from 'zod';
import { forecastModel, KEPT_QUANTILES } from '../capacity/forecast-answer.ts';
import { isRegion, type Region } from '../identifiers.ts';
import { type Day, isDay } from '../period/calendar.ts';

const day = z.custom<Day>((value) => typeof value === 'string' && isDay(value));
const perDay = z.array(z.number());
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a forecast was made from: with these and the code of its version it can be made again. */
const keptInputs = z.strictObject({
  /** Of the days of demand, canonical JSON. */
  dataSha256: sha256,
  history: z.strictObject({ start: day, values: z.array(z.number().nullable()) }),
  model: forecastModel,
  seed: z.int().nonnegative(),
  /** Usable capacity by each day ahead, the median over its futures; null when it was not known. */
  usable: perDay.nullable(),
  /** What was configured and known beside demand, of the whole region: events, capacity, settings. */
  plan: z.record(z.string(), z.unknown()),
});

/** A forecast as it was told, with what it was made from: written once, never changed. */
export const keptForecast = z.strictObject({
  schemaVersion: z.literal(1),
  region: z.custom<Region>((value) => typeof value === 'string' && isRegion(value)),
  metric: z.enum(['cores', 'ram']),
  /** The UTC day on which it was made: the first forecast of a day is the one of record. */
  madeOn: day,
  createdAt: z.string(),
  codeVersion: z.string(),
  /** The last day observed. */
  origin: day,
  inputs: keptInputs,
  /** By each day ahead of the origin, for each of KEPT_QUANTILES in their order. */
  quantiles: z.array(perDay).length(KEPT_QUANTILES.length),
  /** Probability that demand had exceeded what was usable by each day; null without capacity. */
  exhaustion: perDay.nullable(),
  /** What the simplest would have said from the same days, by each day ahead. */
  seasonalNaive: perDay,
  predictLinear: perDay,
  /** The scale of MASE: mean absolute difference of days a week apart up to the origin. */
  scale: z.number().nullable(),
});
export type KeptForecast = z.infer<typeof keptForecast>;

const FOLDER = 'forecast-records';

/** Where the forecasts of record of a region and metric lie: in the order of the days they were made. */
export function recordFolder(target: { readonly region: string; readonly metric: string }): string {
  return `${FOLDER}/region=${target.region}/metric=${target.metric}/`;
}

export function recordKey(kept: Pick<KeptForecast, 'region' | 'metric' | 'madeOn'>): string {
  return `${recordFolder(kept)}${kept.madeOn}.json`;
}

/** The day of a record's key; null for other objects of the folder. */
export function madeOnOfKey(key: string): Day | null {
  const day = /\/(\d{4}-\d{2}-\d{2})\.json$/.exec(key)?.[1] ?? '';
  return isDay(day) ? day : null;
}
