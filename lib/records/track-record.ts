import * as z from 'zod';

const day = z.string().meta({ format: 'date' });
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const percent = z.number().nullable();

const pointScore = {
  mae: z.number().describe('Mean absolute error, in the unit of the forecast.'),
  mase: z
    .number()
    .nullable()
    .describe('The same over the mean difference of days a week apart before the origin.'),
  errorPercent: z.number().nullable().describe('Sum of absolute errors over sum of demand, in %.'),
  bias: z
    .number()
    .nullable()
    .describe('Mean of forecast less demand, over mean demand; above 0 it was too high.'),
  pinball: z.number().describe('Mean over the levels 0.1 to 0.9, in the unit of the forecast.'),
};

/** How a point forecast fared; without quantiles, its pinball loss is half its error. */
const simpleScore = z.strictObject(pointScore);

const horizonScore = z.strictObject({
  days: z.int().positive().describe('Days ahead of the last observation.'),
  scored: z.int().positive().describe('Days that were forecast so far ahead, and came.'),
  forecast: z.strictObject({
    ...pointScore,
    coverage80: share.describe('Share of days inside the 80 % interval.'),
    coverage95: share.describe('Share of days inside the 95 % interval.'),
  }),
  seasonalNaive: simpleScore.describe('Repeating the last week, on the same days.'),
  predictLinear: simpleScore.describe('A line through the last 30 days, on the same days.'),
});
export type HorizonScore = z.infer<typeof horizonScore>;

const exhaustionScore = z.strictObject({
  days: z.int().positive(),
  scored: z.int().positive().describe('Forecasts whose days have all passed.'),
  happened: count.describe('Of those, after which demand did exceed what was usable.'),
  meanProbability: share.describe('What was said of it, on average.'),
  brier: share.describe('Mean squared difference of probability and outcome; 0.25 is a coin.'),
});
export type ExhaustionScore = z.infer<typeof exhaustionScore>;

/** The record in short, as it stands beside a new forecast: over all horizons that are scored. */
export const recordSummary = z.strictObject({
  text: z.string().describe('In one line.'),
  days: z.int().min(1).describe('From the first to the last day scored.'),
  errorPercent: percent.describe('Absolute errors over demand, in %.'),
  seasonalNaivePercent: percent.describe('The same of the last week again, on the same days.'),
  predictLinearPercent: percent.describe('The same of a line through 30 days, on the same days.'),
  coverage80: share,
  coverage95: share,
});

/** How past forecasts of a region fared against what happened. */
export const trackRecord = z.strictObject({
  region: z.string(),
  metric: z.enum(['cores', 'ram']),
  unit: z.enum(['cores', 'GiB']),
  from: day.describe('The first day that was scored.'),
  to: day.describe('The last one.'),
  forecasts: count.describe('Forecasts of record in hand, one a day of making at most.'),
  summary: recordSummary,
  horizons: z.array(horizonScore),
  exhaustion: z.array(exhaustionScore),
});
export type TrackRecord = z.infer<typeof trackRecord>;
