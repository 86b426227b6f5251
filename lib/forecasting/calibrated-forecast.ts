import type { InstantUs } from '../period/instant.ts';
import { type ErrorModel, interpolated } from './calibration.ts';
import type { Forecast } from './forecaster.ts';
import { at } from './numbers.ts';
import { normalProbability, normalSource } from './random.ts';
import type { Step } from './series.ts';

const TABLE_POINTS = 1_000;

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
      const table = new Float64Array(TABLE_POINTS).map((_, index) =>
        errors.shape((index + 0.5) / TABLE_POINTS),
      );
      const scales = mean.map((_, ahead) => errors.scale(ahead));
      return Array.from({ length: count }, () => {
        const score = scores(errors, normal);
        return mean.map(
          (value, ahead) =>
            value + at(scales, ahead) * interpolated(table, normalProbability(score())),
        );
      });
    },
  };
}

/** Standard normal scores of one future, step by step: a shared part and one that fades. */
function scores(errors: ErrorModel, normal: () => number): () => number {
  const [sharedShare, ownShare] = [Math.sqrt(errors.shared), Math.sqrt(1 - errors.shared)];
  const renewal = Math.sqrt(1 - errors.carried ** 2);
  const common = normal();
  let own = normal();
  return () => {
    const score = sharedShare * common + ownShare * own;
    own = errors.carried * own + renewal * normal();
    return score;
  };
}
