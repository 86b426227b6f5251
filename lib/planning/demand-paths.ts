import { at, medianOf } from '../forecasting/numbers.ts';
import { normalProbability, normalQuantile, normalSource } from '../forecasting/random.ts';

/** Standard normal scores from -4 to 4 between which quantiles are interpolated. */
const SCORE_EDGE = 4;
const SCORE_STEP = 0.25;
/** Noise of one day carries over to the next by this much. */
const CARRIED = 0.5;
/** Of the error that is not noise: what is the same for the whole future; the rest wanders. */
const SHARED = 0.7;
const WEEK_DAYS = 7;
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
  const levelShare = levelShares(quantile, noiseDeviation(input.history));
  const normal = normalSource(random);
  return Array.from({ length: count }, () => {
    const score = scoreSource(levelShare, normal);
    return levelShare.map((_, step) => interpolated(table, step, score(step)));
  });
}

/** Share of each day's variance that is the level's. */
function levelShares(quantile: (probability: number) => Float64Array, noise: number): Float64Array {
  const [low, high] = [quantile(0.1), quantile(0.9)];
  return low.map((value, step) => {
    const deviation = (at(high, step) - value) / BETWEEN_10_AND_90;
    return deviation > 0 ? Math.max(0, 1 - (noise / deviation) ** 2) : 0;
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
function scoreSource(levelShare: Float64Array, normal: () => number): (step: number) => number {
  const shared = Math.sqrt(SHARED) * normal();
  const renewal = Math.sqrt(1 - CARRIED ** 2);
  let [wandered, noise] = [0, normal()];
  return (step) => {
    wandered += normal();
    const level = shared + (Math.sqrt(1 - SHARED) * wandered) / Math.sqrt(step + 1);
    const share = at(levelShare, step);
    const score = Math.sqrt(share) * level + Math.sqrt(1 - share) * noise;
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
