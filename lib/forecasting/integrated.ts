import type { Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { linearForecast } from './linear-forecast.ts';
import { at, meanOf } from './numbers.ts';

/** Critical value of the KPSS level test at 5 %. */
const KPSS_CRITICAL = 0.463;

/** A linear model of what has a level: how it goes on, and what becomes of one innovation. */
interface LevelModel {
  /** Standard deviation of one innovation. */
  readonly deviation: number;
  readonly continued: (steps: number) => Float64Array;
  /** The effect of an innovation 0, 1, ... steps later. */
  readonly impulse: (steps: number) => Float64Array;
}

/**
 * A forecaster that models the values, or their first differences where the KPSS test finds no fixed
 * level, and adds those up again. Differences have no drift.
 */
export function integrated(described: {
  readonly name: string;
  readonly observationsNeeded: number;
  readonly fit: (values: Float64Array, isLevel: boolean) => LevelModel;
}): Forecaster {
  const { name, observationsNeeded } = described;
  return {
    name,
    fit(history) {
      if (history.values.length < observationsNeeded) {
        return { ok: false, reason: 'too_short', observationsNeeded };
      }
      const values = fillGaps(history.values, 1);
      const isLevel = hasFixedLevel(values);
      const { deviation, continued, impulse } = described.fit(
        isLevel ? values : differencesOf(values),
        isLevel,
      );
      const forecast = (horizonSteps: number) => {
        const [ahead, weights] = [continued(horizonSteps), impulse(horizonSteps)];
        return linearForecast({
          history,
          mean: isLevel ? ahead : cumulated(ahead, at(values, values.length - 1)),
          deviation,
          weights: isLevel ? weights : cumulated(weights, 0),
        });
      };
      return { ok: true, model: { forecast } };
    },
  };
}

export function differencesOf(values: Float64Array): Float64Array {
  return values.subarray(1).map((value, index) => value - at(values, index));
}

/** `start` and all values up to each, added up. */
export function cumulated(values: Float64Array, start: number): Float64Array {
  let sum = start;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** False where the level wanders, so that differences are to be modelled. */
export function hasFixedLevel(values: Float64Array): boolean {
  return kpss(values) <= KPSS_CRITICAL;
}

/** Test statistic of Kwiatkowski, Phillips, Schmidt and Shin (1992): large where the level wanders. */
export function kpss(values: Float64Array): number {
  const count = values.length;
  const mean = meanOf(values);
  const residuals = values.map((value) => value - mean);
  let [walk, walks] = [0, 0];
  for (const residual of residuals) {
    walk += residual;
    walks += walk * walk;
  }
  const lags = Math.trunc((3 * Math.sqrt(count)) / 13);
  let variance = 0;
  for (let lag = 0; lag <= lags; lag += 1) {
    let product = 0;
    for (let index = lag; index < count; index += 1) {
      product += at(residuals, index) * at(residuals, index - lag);
    }
    variance += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * product;
  }
  return variance > 0 ? walks / (count * variance) : 0;
}
