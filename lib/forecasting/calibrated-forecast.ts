import type { InstantUs } from '../period/instant.ts';
import type { ErrorModel } from './calibration.ts';
import type { Forecast } from './forecaster.ts';
import { at } from './numbers.ts';
import { normalProbability, normalSource } from './random.ts';
import type { Step } from './series.ts';

/** Standard normal scores between which the shape is tabulated, and how finely. */
const SCORE_EDGE = 5;
const POINTS_PER_SCORE = 100;

/**
 * A mean with errors as the backtest showed them. Quantiles below one half lie at or below the
 * mean, those above at or above it.
 */
export function calibratedForecast(input: {
  readonly origin: InstantUs;
  readonly step: Step;
  readonly mean: Float64Array;
  readonly errors: ErrorModel;
}): Forecast {
  const { origin, step, mean, errors } = input;
  return {
    origin,
    step,
    mean,
    quantile(probability) {
      const factor = errors.shape(probability);
      return mean.map((value, ahead) => value + factor * errors.scale(ahead));
    },
    paths(count, random) {
      const normal = normalSource(random);
      const shape = shapeByScore(errors);
      const scales = mean.map((_, ahead) => errors.scale(ahead));
      const carried = mean.map((_, ahead) => errors.carried(ahead));
      return Array.from({ length: count }, () => {
        const scores = scoresOf(errors.shared, carried, normal);
        return mean.map((value, ahead) => value + at(scales, ahead) * shape(at(scores, ahead)));
      });
    },
  };
}

/** The shape of errors by standard normal score instead of probability, from a table. */
function shapeByScore(errors: ErrorModel): (score: number) => number {
  const table = new Float64Array(2 * SCORE_EDGE * POINTS_PER_SCORE + 1).map((_, index) =>
    errors.shape(normalProbability(index / POINTS_PER_SCORE - SCORE_EDGE)),
  );
  return (score) => {
    const edged = Math.min(SCORE_EDGE, Math.max(-SCORE_EDGE, score));
    return at(table, Math.round((edged + SCORE_EDGE) * POINTS_PER_SCORE));
  };
}

/** Standard normal scores of one future, step by step: a shared part and one that fades. */
function scoresOf(shared: number, carried: Float64Array, normal: () => number): Float64Array {
  const [sharedShare, ownShare] = [Math.sqrt(shared), Math.sqrt(1 - shared)];
  const common = normal();
  let own = normal();
  return carried.map((share) => {
    const score = sharedShare * common + ownShare * own;
    own = share * own + Math.sqrt(1 - share * share) * normal();
    return score;
  });
}
