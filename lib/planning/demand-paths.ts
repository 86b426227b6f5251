import { at, medianOf } from '../forecasting/numbers.ts';
import { normalProbability, normalQuantile, normalSource } from '../forecasting/random.ts';

/** Standard normal scores from -4 to 4 between which quantiles are interpolated. */
const SCORE_EDGE = 4;
const SCORE_STEP = 0.25;
/** Noise of one day carries over to the next by this much. */
const CARRIED = 0.5;
/** Of the error that is not noise: what is the same for the whole future; the rest wanders. */
const SHARED = 0.7;
/** Of the variance of a day's noise, what is left in the mean of a week. */
const OF_WEEKLY_MEAN = (1 + CARRIED) / (1 - CARRIED) / 7;
const WEEK_DAYS = 7;
/** Days over which the level is seen to move. */
const MOVE_LAGS = [7, 14, 28, 56, 112] as const;
/** From the median distance from the median to the standard deviation of a normal. */
const DEVIATION_OF_DISTANCE = 1.4826;
const BETWEEN_10_AND_90 = 2 * normalQuantile(0.9);

/**
 * Futures of a daily demand with the quantiles that were forecast for each day. Two things make a
 * day differ from its forecast: noise, as large a year ahead as tomorrow, and the level having gone
 * another way, which one day shares with the next. The noise is measured in the history; what is left
 * of the width of a day is the level's. Taking all of it for noise would let a thousand days each
 * try to be the highest, and every capacity be exceeded too soon.
 */
export function demandPaths(input: {
  readonly quantile: (probability: number) => Float64Array;
  readonly history: readonly (number | null)[];
  readonly count: number;
  readonly random: () => number;
}): Float64Array[] {
  const { quantile, count, random } = input;
  const scores = 1 + (2 * SCORE_EDGE) / SCORE_STEP;
  const table = Array.from({ length: scores }, (_, index) =>
    quantile(normalProbability(index * SCORE_STEP - SCORE_EDGE)),
  );
  const weights = weightsOf(quantile, input.history);
  const normal = normalSource(random);
  return Array.from({ length: count }, () => {
    const score = scoreSource(weights, normal);
    return weights.level.map((_, step) => interpolated(table, step, score(step)));
  });
}

/** What a standard normal score is made of on one day; the squares add up to at most 1. */
interface Weights {
  readonly level: Float64Array;
  readonly noise: Float64Array;
}

function weightsOf(
  quantile: (probability: number) => Float64Array,
  history: readonly (number | null)[],
): Weights {
  const noise = noiseDeviation(history);
  const [low, high] = [quantile(0.1), quantile(0.9)];
  const deviation = low.map((value, step) => (at(high, step) - value) / BETWEEN_10_AND_90);
  const moves = levelMoves(history, noise, deviation.length);
  const level = deviation.map((whole, step) =>
    Math.min(at(moves, step), Math.sqrt(Math.max(0, whole ** 2 - noise ** 2))),
  );
  return {
    level: level.map((part, step) => (part > 0 ? part / at(deviation, step) : 0)),
    noise: deviation.map((whole) => (whole > 0 ? Math.min(1, noise / whole) : 0)),
  };
}

/**
 * How far the level went within so many days of the history, as root mean square of the weekly mean:
 * backtests start months before the origin and are too wide for the first weeks. The noise of the
 * later mean is taken off, that of the earlier is not: the level at the origin is known no better.
 * Linear between the lags that are looked at, and on from the last.
 */
function levelMoves(
  history: readonly (number | null)[],
  noise: number,
  days: number,
): Float64Array {
  const means = weeklyMeans(history);
  const known = MOVE_LAGS.flatMap((lag) => {
    const moves = means.flatMap((mean, index) => {
      const later = means[index + lag] ?? null;
      return mean === null || later === null ? [] : [(later - mean) ** 2];
    });
    if (moves.length < lag) return [];
    const square = moves.reduce((sum, one) => sum + one, 0) / moves.length;
    return [{ lag, size: Math.sqrt(Math.max(0, square - OF_WEEKLY_MEAN * noise ** 2)) }];
  });
  const last = known.at(-1);
  return new Float64Array(days).map((_, step) => {
    if (last === undefined) return Number.POSITIVE_INFINITY;
    const ahead = step + 1;
    const next = known.find(({ lag }) => lag >= ahead);
    if (next === undefined) return (last.size * ahead) / last.lag;
    const before = known.findLast(({ lag }) => lag < ahead);
    if (before === undefined) return next.size;
    const share = (ahead - before.lag) / (next.lag - before.lag);
    return before.size + share * (next.size - before.size);
  });
}

/** Of the week that ends on each day; null where a day of it is unknown. */
function weeklyMeans(history: readonly (number | null)[]): (number | null)[] {
  return history.map((_, index) => {
    const week = history.slice(Math.max(0, index - WEEK_DAYS + 1), index + 1);
    const values = week.filter((value) => value !== null);
    if (values.length < WEEK_DAYS) return null;
    return values.reduce((sum, value) => sum + value, 0) / WEEK_DAYS;
  });
}

/** Of days from the mean of the days a week before and after: growth and the week cancel out. */
function noiseDeviation(history: readonly (number | null)[]): number {
  const distances = history.flatMap((value, index) => {
    const [before, after] = [
      history[index - WEEK_DAYS] ?? null,
      history[index + WEEK_DAYS] ?? null,
    ];
    if (value === null || before === null || after === null) return [];
    return Math.abs(value - (before + after) / 2);
  });
  if (distances.length === 0) return 0;
  // The mean of two neighbours has half of a day's variance itself.
  return (DEVIATION_OF_DISTANCE * medianOf(distances)) / Math.sqrt(1.5);
}

/** Standard normal scores of one future, to be asked day by day. */
function scoreSource(weights: Weights, normal: () => number): (step: number) => number {
  const shared = Math.sqrt(SHARED) * normal();
  const renewal = Math.sqrt(1 - CARRIED ** 2);
  let [wandered, noise] = [0, normal()];
  return (step) => {
    wandered += normal();
    const level = shared + (Math.sqrt(1 - SHARED) * wandered) / Math.sqrt(step + 1);
    const score = at(weights.level, step) * level + at(weights.noise, step) * noise;
    noise = CARRIED * noise + renewal * normal();
    return score;
  };
}

function interpolated(table: readonly Float64Array[], step: number, score: number): number {
  const position = Math.min(SCORE_EDGE, Math.max(-SCORE_EDGE, score)) + SCORE_EDGE;
  const below = Math.min(table.length - 2, Math.floor(position / SCORE_STEP));
  const low = at(table[below] ?? [], step);
  const share = position / SCORE_STEP - below;
  return low + share * (at(table[below + 1] ?? [], step) - low);
}
