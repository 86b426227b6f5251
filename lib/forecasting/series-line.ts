import * as z from 'zod';
import { exceedance } from './exceedance.ts';
import { type Findings, findingsIn } from './findings.ts';
import { forecastSeries } from './forecast-series.ts';
import { primarySeasonSteps, type Series, type Step } from './series.ts';

const LONGEST_HORIZON = 10_000;
const LARGEST_VALUE = 1e100;
const SEED = 1;
/** Quantiles that are printed beside the 95 % interval. */
const PRINTED_QUANTILES = [0.1, 0.5, 0.9, 0.99] as const;

export const STEPS: Readonly<Record<z.infer<typeof frequency>, Step>> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  cloud_hourly: 'hour',
  cloud_daily: 'day',
};

const FREQUENCIES = [
  'hourly',
  'daily',
  'weekly',
  'monthly',
  'cloud_hourly',
  'cloud_daily',
] as const;
const frequency = z.enum(FREQUENCIES, `must be one of ${FREQUENCIES.join(', ')}`);

const NUMBER = `must be a number from -${LARGEST_VALUE} to ${LARGEST_VALUE}`;
function numberField(message: string) {
  return z.number(message).min(-LARGEST_VALUE, message).max(LARGEST_VALUE, message);
}

const PERIOD = 'must be a whole number above 0';
const HORIZON = `must be a whole number from 1 to ${LONGEST_HORIZON}`;
const ID = 'must be a text that is not empty';

/** One series of a JSON lines file. Unknown keys are passed over: such files carry notes. */
export const seriesLine = z.object(
  {
    id: z.string(ID).min(1, ID),
    freq: frequency,
    /** Official period. The step's own seasons are used, which it does not always name. */
    m: z.int(PERIOD).positive(PERIOD),
    h: z.int(HORIZON).positive(HORIZON).max(LONGEST_HORIZON, HORIZON),
    y: z.array(numberField(`${NUMBER}, or null`).nullable(), 'must be an array of numbers'),
    cap: numberField(NUMBER).optional(),
  },
  'must be an object',
);
export type SeriesLine = z.infer<typeof seriesLine>;

export type ForecastLine =
  | {
      readonly id: string;
      readonly model: string;
      readonly mean: readonly number[];
      readonly lo95: readonly number[];
      readonly hi95: readonly number[];
      readonly q: Readonly<Record<string, readonly number[]>>;
      /** Outliers, level shifts and frozen stretches; left out where there are none. */
      readonly found?: Findings;
      /** Probability that demand was above `cap` on or before each step. */
      readonly pexh?: readonly number[];
    }
  | {
      readonly id: string;
      readonly error: 'not_enough_data';
      readonly observations: number;
      readonly observationsNeeded: number;
    };

/** The forecast of one series, the same for the same line. */
export function forecastLine(line: SeriesLine): ForecastLine {
  const step = STEPS[line.freq];
  const history: Series = { start: 0, step, values: line.y };
  const result = forecastSeries(history, line.h);
  if (!result.ok) {
    const { observations, observationsNeeded } = result;
    return { id: line.id, error: result.reason, observations, observationsNeeded };
  }
  const { forecast } = result;
  const quantile = (probability: number) => printed(forecast.quantile(probability));
  const answer = {
    id: line.id,
    model: result.model,
    mean: printed(forecast.mean),
    lo95: quantile(0.025),
    hi95: quantile(0.975),
    q: Object.fromEntries(PRINTED_QUANTILES.map((level) => [String(level), quantile(level)])),
    ...told(findingsIn(history)),
  };
  if (line.cap === undefined) return answer;
  const pexh = exceedance({
    history: history.values,
    forecast,
    capacity: new Float64Array(line.h).fill(line.cap),
    seasonSteps: primarySeasonSteps(history.step),
    seed: SEED,
  });
  return { ...answer, pexh: Array.from(pexh, (one) => Math.round(one * 1e6) / 1e6) };
}

function told(found: Findings): { readonly found?: Findings } {
  const isAnything = Object.values(found).some((list) => list.length > 0);
  return isAnything ? { found } : {};
}

/** Nine digits: beyond any forecast's worth, and half the bytes. */
function printed(values: Float64Array): number[] {
  return Array.from(values, (one) => Number(one.toPrecision(9)));
}
