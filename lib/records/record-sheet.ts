import * as z from 'zod';
import { KEPT_QUANTILES } from '../capacity/forecast-answer.ts';
import { at } from '../forecasting/numbers.ts';
import { isDay } from '../period/calendar.ts';
import type { KeptForecast } from './kept-forecast.ts';

/** Days ahead of the origin at which a forecast is scored. */
export const SCORED_DAYS = [1, 7, 30, 90] as const;
/** Days ahead by which exhaustion is scored. */
export const EXHAUSTION_DAYS = [30, 60, 90] as const;

const day = z.string().refine(isDay);

/** Of a kept forecast, what scoring needs: a hundredth of its size. */
export const recordSheet = z.strictObject({
  origin: day,
  madeOn: day,
  scale: z.number().nullable(),
  steps: z.array(
    z.strictObject({
      days: z.int().positive(),
      /** By KEPT_QUANTILES, in their order. */
      quantiles: z.array(z.number()).length(KEPT_QUANTILES.length),
      seasonalNaive: z.number(),
      predictLinear: z.number(),
    }),
  ),
  /** Null where capacity was not known. */
  exhaustion: z
    .strictObject({
      probabilities: z.array(z.strictObject({ days: z.int().positive(), probability: z.number() })),
      /** By each day ahead, as far as exhaustion is scored. */
      usable: z.array(z.number()),
    })
    .nullable(),
});
export type RecordSheet = z.infer<typeof recordSheet>;

export function sheetOf(kept: KeptForecast): RecordSheet {
  const { origin, madeOn, scale, inputs, exhaustion } = kept;
  const horizonDays = kept.seasonalNaive.length;
  const { usable } = inputs;
  return {
    origin,
    madeOn,
    scale,
    steps: SCORED_DAYS.filter((days) => days <= horizonDays).map((days) => ({
      days,
      quantiles: kept.quantiles.map((values) => at(values, days - 1)),
      seasonalNaive: at(kept.seasonalNaive, days - 1),
      predictLinear: at(kept.predictLinear, days - 1),
    })),
    exhaustion:
      exhaustion === null || usable === null
        ? null
        : {
            probabilities: EXHAUSTION_DAYS.filter((days) => days <= exhaustion.length).map(
              (days) => ({ days, probability: at(exhaustion, days - 1) }),
            ),
            usable: usable.slice(0, EXHAUSTION_DAYS.at(-1)),
          },
  };
}
