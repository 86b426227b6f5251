import type { DayRun } from './weekday-shape.ts';

/** What the days to come are expected to cost together, as a Student t distribution. */
export interface ExpectedSum {
  /** In the unit of the last run. */
  readonly mean: number;
  readonly scale: number;
  readonly degrees: number;
}

export interface PaceInput {
  /** Months before, then this one: level and growth of its own for each, one restlessness for all. Without weekday pattern. */
  readonly runs: readonly DayRun[];
  /** Of each step ahead its weight in the sum: 1 for a whole day, a share of one for a part. */
  readonly weights: readonly number[];
}

/** Share of a day's variance that stays (the level moved), against what is gone the next day. */
const STAYING = [0, 0.03, 0.1, 0.3, 0.6, 1] as const;
/** Variance of a day's growth, of a day's variance: none, or some. */
const DRIFT = [0, 0.01] as const;
/** What is thought of a day's deviation before any is seen: this share of the mean, worth so many days. */
const PRIOR_DEVIATION = 0.08;
const PRIOR_DAYS = 2;
/**
 * What no day so far tells of: the level moves each day to come by this deviation as well, as a share of
 * the mean, by launches and departures that are rare. It and the prior were chosen so that the range holds
 * 80 % on teams of the benchmark (ADR 0026).
 */
const SURPRISE = 0.02;
/** Variance of a level that nothing is known of, in units of a day's. */
const UNKNOWN = 1e6;

/**
 * A local level with growth (Harvey 1989, chapter 3), averaged over how restless the level is and
 * whether it grows, each weighed by how well it foresaw the days so far. Few days leave the prior
 * its say and a t distribution of few degrees of freedom: wide.
 */
export function expectedSum({ runs, weights }: PaceInput): ExpectedSum {
  const fits = STAYING.flatMap((staying) =>
    DRIFT.map((drift) => fitted({ staying, drift, runs, weights })),
  );
  const best = Math.max(...fits.map(({ evidence }) => evidence));
  const shares = fits.map(({ evidence }) => Math.exp(evidence - best));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const averaged = (value: (fit: Fit) => number) =>
    fits.reduce((sum, fit, index) => sum + (shares[index] ?? 0) * value(fit), 0) / whole;
  const mean = averaged((fit) => fit.mean);
  const variance = averaged((fit) => fit.variance + (fit.mean - mean) ** 2);
  return { mean, scale: Math.sqrt(variance), degrees: fits[0]?.degrees ?? PRIOR_DAYS };
}

interface Fit {
  readonly mean: number;
  readonly variance: number;
  readonly degrees: number;
  readonly evidence: number;
}

interface Terms extends PaceInput {
  readonly staying: number;
  readonly drift: number;
}

/** Level and growth a day, and how uncertain they are, in units of a day's variance. */
interface State {
  level: number;
  growth: number;
  levelVariance: number;
  covariance: number;
  growthVariance: number;
}

function fitted({ staying, drift, runs, weights }: Terms): Fit {
  let state = unknown(drift);
  let [squares, logs, days] = [PRIOR_DAYS * PRIOR_DEVIATION ** 2, 0, 0];
  for (const { costs } of runs) {
    // Prices, allowances and bands begin anew with a month: it goes on neither from the level nor the growth of the one before.
    state = unknown(drift);
    for (const [day, cost] of costs.entries()) {
      if (day > 0) advance(state, staying);
      const variance = state.levelVariance + (1 - staying);
      const miss = cost - state.level;
      observe(state, miss, variance);
      if (day === 0) continue;
      squares += miss ** 2 / variance;
      logs += Math.log(variance);
      days += 1;
    }
  }
  const degrees = PRIOR_DAYS + days;
  const { mean, variance, moved } = summed(state, { staying, weights });
  return {
    mean,
    variance: (variance * squares) / degrees + moved * SURPRISE ** 2,
    degrees,
    evidence: -0.5 * logs - 0.5 * degrees * Math.log(squares),
  };
}

function unknown(drift: number): State {
  return { level: 0, growth: 0, levelVariance: UNKNOWN, covariance: 0, growthVariance: drift };
}

function advance(state: State, staying: number): void {
  state.level += state.growth;
  state.levelVariance += 2 * state.covariance + state.growthVariance + staying;
  state.covariance += state.growthVariance;
}

function observe(state: State, miss: number, variance: number): void {
  const [ofLevel, ofGrowth] = [state.levelVariance / variance, state.covariance / variance];
  state.level += ofLevel * miss;
  state.growth += ofGrowth * miss;
  state.growthVariance -= ofGrowth * state.covariance;
  state.covariance -= ofGrowth * state.levelVariance;
  state.levelVariance -= ofLevel * state.levelVariance;
}

/** Mean and variance of the weighted sum of the days ahead, and of that what a level adds that moves by 1 a day. */
function summed(
  state: State,
  { staying, weights }: { staying: number; weights: readonly number[] },
) {
  let [total, grown, passing, moved, left] = [0, 0, 0, 0, 0];
  for (let index = weights.length - 1; index >= 0; index -= 1) {
    const weight = weights[index] ?? 0;
    total += weight;
    grown += weight * (index + 1);
    passing += weight ** 2;
    // A move of the level counts in all days from its own on.
    left += weight;
    moved += left ** 2;
  }
  return {
    moved,
    mean: total * state.level + grown * state.growth,
    variance:
      total ** 2 * state.levelVariance +
      2 * total * grown * state.covariance +
      grown ** 2 * state.growthVariance +
      staying * moved +
      (1 - staying) * passing,
  };
}
