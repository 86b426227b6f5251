import { exhaustion } from './exhaustion.ts';
import type { Forecast } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { at, medianOf } from './numbers.ts';
import { normalSource, seededRandom } from './random.ts';
import { samplePaths } from './sample-paths.ts';

const PATHS = 500;
/** How large errors will be is not known either: a Student factor with this freedom for each future. */
const FREEDOM = 4;
/** Say of the model against what followed at other times; neither has been the better judge. */
const MODEL_SHARE = 0.5;
/** What is usual before any replay counts as so many of them. */
const PRIOR_REPLAYS = 3;
/**
 * A replay loses this many powers of e in a season's distance: one that begins an hour of the day
 * off counts an eighth.
 */
const PHASE_DECAY = 48;
/** Older observations are not replayed. */
const WINDOW_STEPS = 1_500;

/**
 * The probability that demand was above capacity on or before each step, from two witnesses: the
 * futures of the model, and replays of history, in which what followed at every other time is moved
 * to where demand stands now. The model knows the season and the trend; history knows launches and
 * spikes of which the model's errors happened to see none.
 */
export function exceedance(input: {
  readonly history: readonly (number | null)[];
  readonly forecast: Forecast;
  /** For each step of the forecast, in its unit. */
  readonly capacity: Float64Array;
  /** Demand stands where its mean over the last so many steps does. */
  readonly seasonSteps: number;
  readonly seed: number;
}): Float64Array {
  const { forecast, capacity, seed } = input;
  const paths = widened(samplePaths(forecast, { count: PATHS, seed }), forecast.mean, seed + 1);
  const { probabilityBy } = exhaustion(paths, capacity);
  const shown = input.history.slice(-WINDOW_STEPS);
  const replayed = replays(fillGaps(shown, input.seasonSteps), capacity, input.seasonSteps);
  let highest = 0;
  return probabilityBy.map((probability, step) => {
    const both = MODEL_SHARE * probability + (1 - MODEL_SHARE) * at(replayed, step);
    highest = Math.max(highest, both);
    return highest;
  });
}

/** Each path moved away from the mean, or towards it, by a factor of its own. */
function widened(paths: Float64Array[], mean: Float64Array, seed: number): Float64Array[] {
  const normal = normalSource(seededRandom(seed));
  return paths.map((path) => {
    let squares = 0;
    for (let draw = 0; draw < FREEDOM; draw += 1) squares += normal() ** 2;
    const factor = Math.sqrt(FREEDOM / squares);
    return path.map((value, step) => at(mean, step) + factor * (value - at(mean, step)));
  });
}

/**
 * Share of the replays that exceed capacity on or before each step, drawn to what is usual. Replays
 * that begin at the same time of day (or week, or year) as the forecast count most: what comes in
 * the next hours hangs on which hours they are.
 */
function replays(history: Float64Array, capacity: Float64Array, seasonSteps: number): Float64Array {
  const window = Math.min(seasonSteps, history.length);
  const levels = trailingMeans(history, window);
  const newest = history.length - 1;
  const hits = new Float64Array(capacity.length);
  const told = new Float64Array(capacity.length);
  const squares = new Float64Array(capacity.length);
  for (let origin = window - 1; origin < newest; origin += 1) {
    const moved = at(levels, newest) - at(levels, origin);
    const weight = likeness(newest - origin, seasonSteps);
    const length = Math.min(capacity.length, newest - origin);
    let exceeded = 0;
    for (let step = 0; step < length; step += 1) {
      if (at(history, origin + 1 + step) + moved > at(capacity, step)) exceeded = weight;
      hits[step] = at(hits, step) + exceeded;
      told[step] = at(told, step) + weight;
      squares[step] = at(squares, step) + weight * weight;
    }
  }
  const usual = usualRecord(history, capacity);
  return hits.map((hit, step) => {
    const weight = at(told, step);
    if (weight === 0) return at(usual, step);
    const apart = (newest - window + 1 - step) / (step + 1);
    const windows = Math.min(apart, (weight * weight) / at(squares, step));
    return ((windows * hit) / weight + PRIOR_REPLAYS * at(usual, step)) / (windows + PRIOR_REPLAYS);
  });
}

/** Weight of a replay from so many steps ago: 1 whole seasons ago, falling with what is left over. */
function likeness(stepsAgo: number, seasonSteps: number): number {
  const over = stepsAgo % seasonSteps;
  return Math.exp((-PHASE_DECAY * Math.min(over, seasonSteps - over)) / seasonSteps);
}

/**
 * What records do in any series: after N steps below a level, the next k rise above it with
 * probability k / (N + k) where all orders are equally likely (Laplace's rule of succession). A
 * level far above all that was seen is rarer by the square of its distance from the median.
 */
function usualRecord(history: Float64Array, capacity: Float64Array): Float64Array {
  const median = medianOf(history);
  const highest = history.reduce((high, value) => Math.max(high, value));
  return capacity.map((level, step) => {
    let below = 0;
    while (below < history.length && at(history, history.length - 1 - below) <= level) below += 1;
    const reach = level > highest ? (highest - median) / (level - median) : 1;
    return (reach * reach * (step + 1)) / (below + step + 1);
  });
}

/** The mean of the `window` values up to each; of fewer at the start. */
function trailingMeans(values: Float64Array, window: number): Float64Array {
  let sum = 0;
  return values.map((value, index) => {
    sum += value - (index >= window ? at(values, index - window) : 0);
    return sum / Math.min(window, index + 1);
  });
}
