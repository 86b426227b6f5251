import * as z from 'zod';
import { assert } from '../assert.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { recordSummary } from '../records/track-record.ts';
import { exhaustionDays, planAnswer } from './plan-answer.ts';

/** Levels kept with every forecast; others are interpolated between them. */
export const KEPT_QUANTILES = [
  0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99,
] as const;

/** Days ahead for which the probability of exhaustion is told by name. */
const TOLD_DAYS = [30, 60, 90, 180] as const;

const demand = z.number().min(0);
const perDay = z.array(demand);
const day = z.string().meta({ format: 'date' });
const probability = z.number().min(0).max(1);

const modelError = {
  mae: demand.describe('Mean absolute error, in the unit of the forecast.'),
  mase: demand
    .nullable()
    .describe('The same over that of repeating the last week in the history; below 1 is better.'),
};

export const forecastModel = z.strictObject({
  name: z.string().describe('A model, or "combination": the weighted median of its members.'),
  members: z.array(z.strictObject({ name: z.string(), weight: z.number() })),
});

export const backtestAnswer = z.strictObject({
  ...modelError,
  origins: z.int().positive().describe('Past days from which it was forecast again.'),
  horizonDays: z.int().positive().describe('Days ahead that were scored.'),
  coverage95: probability.nullable().describe('Share of actuals inside the 95 % interval.'),
  seasonalNaive: z.strictObject(modelError).nullable(),
});

export const exhaustionAnswer = z.strictObject({
  p10: day.nullable().describe('By this day exhaustion has a probability of 10 %; null: later.'),
  p50: day.nullable(),
  p90: day.nullable(),
  days: exhaustionDays.optional(),
  beyondHorizon: probability.optional().describe('That it does not happen within the horizon.'),
  probabilityBy: z.array(z.strictObject({ days: z.int().positive(), date: day, probability })),
  probability: z.array(probability).describe('By each day of `dates`; never decreasing.'),
});

const header = {
  region: z.string(),
  metric: z.enum(['cores', 'ram']),
  unit: z.enum(['cores', 'GiB']),
  statistic: z.enum(['peak', 'mean']).describe('Of the 24 hourly means of a day.'),
  history: z.strictObject({
    start: day,
    values: z.array(demand.nullable()).describe('A day each; null was not observed.'),
  }),
};

/** The forecast of a region's demand as the API tells it. */
export const forecastAnswer = z.strictObject({
  ...header,
  status: z.literal('forecast'),
  origin: day.describe('The last day observed.'),
  horizonDays: z.int().positive(),
  model: forecastModel,
  backtest: backtestAnswer.nullable().describe('Null when the history is too short for one.'),
  dates: z.array(day),
  mean: perDay,
  lo95: perDay,
  hi95: perDay,
  quantiles: z.record(z.string(), perDay).describe('By level, such as "0.9".'),
  usable: demand.nullable().describe('Usable capacity; null when it is not known.'),
  exhaustion: exhaustionAnswer.nullable().describe('Null when capacity is not known.'),
  plan: planAnswer.optional().describe('Orders, events and what was made of the data.'),
  record: recordSummary.optional().describe('How those before it fared; once any can be scored.'),
});

export const noForecastAnswer = z.strictObject({
  ...header,
  history: header.history.nullable(),
  status: z.literal('not_enough_data'),
  observations: z.int().min(0),
  observationsNeeded: z.int().positive(),
});

export const forecastResponse = z.discriminatedUnion('status', [forecastAnswer, noForecastAnswer]);
export type ForecastAnswer = z.infer<typeof forecastAnswer>;
export type ForecastResponse = z.infer<typeof forecastResponse>;

/**
 * A kept forecast cut to a nearer horizon and to the quantiles asked for (levels between the kept
 * ones are interpolated). Needs no forecaster, so that readers do not carry one.
 */
export function sliceForecast(
  answer: ForecastResponse,
  asked: { readonly horizonDays: number; readonly quantiles: readonly number[] },
): ForecastResponse {
  if (answer.status === 'not_enough_data') return answer;
  const horizonDays = Math.min(asked.horizonDays, answer.horizonDays);
  const cut = (values: readonly number[]) => values.slice(0, horizonDays);
  return {
    ...answer,
    horizonDays,
    dates: answer.dates.slice(0, horizonDays),
    mean: cut(answer.mean),
    lo95: cut(answer.lo95),
    hi95: cut(answer.hi95),
    quantiles: Object.fromEntries(
      asked.quantiles.map((level) => [String(level), cut(quantileOf(answer, level))]),
    ),
    exhaustion:
      answer.exhaustion && exhaustionOf(answer.origin, cut(answer.exhaustion.probability)),
  };
}

function quantileOf(answer: ForecastAnswer, level: number): readonly number[] {
  const kept = Object.keys(answer.quantiles)
    .map(Number)
    .sort((a, b) => a - b);
  const above = kept.find((one) => one >= level) ?? kept.at(-1);
  const below = kept.findLast((one) => one <= level) ?? kept[0];
  assert(above !== undefined && below !== undefined, 'a kept forecast has quantiles');
  const [low = [], high = []] = [answer.quantiles[below], answer.quantiles[above]];
  const share = above > below ? (level - below) / (above - below) : 0;
  return low.map((value, step) => value + share * ((high[step] ?? value) - value));
}

/** Dates and named days from the probability by each day after the origin. */
export function exhaustionOf(
  origin: Day,
  probabilities: readonly number[],
): z.infer<typeof exhaustionAnswer> {
  const daysAt = (level: number) => {
    const step = probabilities.findIndex((value) => value >= level);
    return step < 0 ? null : step + 1;
  };
  const days = { p10: daysAt(0.1), p50: daysAt(0.5), p90: daysAt(0.9) };
  const dateOf = (ahead: number | null) => (ahead === null ? null : addDays(origin, ahead));
  return {
    p10: dateOf(days.p10),
    p50: dateOf(days.p50),
    p90: dateOf(days.p90),
    days,
    // Probabilities are told in steps of the paths: what a subtraction adds beyond that is noise.
    beyondHorizon: Number((1 - (probabilities.at(-1) ?? 0)).toFixed(6)),
    probabilityBy: TOLD_DAYS.flatMap((days) => {
      const reached = probabilities[days - 1];
      return reached === undefined
        ? []
        : [{ days, date: addDays(origin, days), probability: reached }];
    }),
    probability: [...probabilities],
  };
}
