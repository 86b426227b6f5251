import { at, autocorrelations } from '../lib/forecasting/numbers.ts';

/** A series with what came after it, as the files of test series have them. */
export interface ScoredSeries {
  readonly id: string;
  readonly freq: string;
  /** Official period of the scale of MASE and of the seasonality of Naive2; `m` by default. */
  readonly mm?: number;
  readonly m: number;
  readonly h: number;
  readonly y: readonly (number | null)[];
  readonly test: readonly (number | null)[];
  readonly cap?: number;
}

export interface ScoredForecast {
  readonly mean: ArrayLike<number>;
  readonly lo95: ArrayLike<number>;
  readonly hi95: ArrayLike<number>;
  readonly pexh?: ArrayLike<number>;
}

export interface Scores {
  readonly owa: number;
  readonly msis: number;
  readonly coverage: number;
  /** Null where no series carries a capacity, or no forecast a probability. */
  readonly exSkill: number | null;
}

/** Means over a set, as the M4 competition defines them (Makridakis and others, 2020). */
export function scoresOf(
  set: readonly ScoredSeries[],
  forecasts: readonly ScoredForecast[],
): Scores {
  const sums = { smape: 0, mase: 0, smape2: 0, mase2: 0, msis: 0, inside: 0 };
  for (const [index, series] of set.entries()) {
    const forecast = forecasts[index];
    if (!forecast) throw new Error(`no forecast of ${series.id}`);
    const period = series.mm ?? series.m;
    const history = carriedForward(series.y);
    const scale = scaleOf(history, period);
    const own = errorsOf(series.test, forecast.mean);
    const naive = errorsOf(series.test, naive2(history, period, series.h));
    const band = bandOf(series.test, forecast);
    sums.smape += own.smape;
    sums.mase += own.mae / scale;
    sums.smape2 += naive.smape;
    sums.mase2 += naive.mae / scale;
    sums.msis += band.score / scale;
    sums.inside += band.inside;
  }
  return {
    owa: (sums.smape / sums.smape2 + sums.mase / sums.mase2) / 2,
    msis: sums.msis / set.length,
    coverage: sums.inside / set.length,
    exSkill: exceedanceSkill(set, forecasts),
  };
}

function carriedForward(values: readonly (number | null)[]): Float64Array {
  let last = values.find((value) => value !== null) ?? 0;
  return Float64Array.from(values, (value) => {
    last = value ?? last;
    return last;
  });
}

function scaleOf(values: Float64Array, period: number): number {
  let sum = 0;
  for (let index = period; index < values.length; index += 1) {
    sum += Math.abs(at(values, index) - at(values, index - period));
  }
  return sum / (values.length - period);
}

function errorsOf(actual: readonly (number | null)[], mean: ArrayLike<number>) {
  let [smape, mae, count] = [0, 0, 0];
  for (const [step, value] of actual.entries()) {
    if (value === null) continue;
    const error = Math.abs(value - at(mean, step));
    const size = Math.abs(value) + Math.abs(at(mean, step));
    smape += size === 0 ? 0 : (200 * error) / size;
    mae += error;
    count += 1;
  }
  return { smape: smape / count, mae: mae / count };
}

function bandOf(actual: readonly (number | null)[], { lo95, hi95 }: ScoredForecast) {
  let [score, inside, count] = [0, 0, 0];
  for (const [step, value] of actual.entries()) {
    if (value === null) continue;
    const [low, high] = [at(lo95, step), at(hi95, step)];
    score += high - low + 40 * (Math.max(0, low - value) + Math.max(0, value - high));
    inside += value >= low && value <= high ? 1 : 0;
    count += 1;
  }
  return { score: score / count, inside: inside / count };
}

/** 1 less the Brier score over that of the plain rate of events by each step. */
function exceedanceSkill(
  set: readonly ScoredSeries[],
  forecasts: readonly ScoredForecast[],
): number | null {
  const told = set.flatMap((series, index) => {
    const pexh = forecasts[index]?.pexh;
    if (series.cap === undefined || !pexh) return [];
    return [{ pexh, events: eventsBy(series.test, series.cap) }];
  });
  const steps = told[0]?.events.length ?? 0;
  let [own, plain] = [0, 0];
  for (let step = 0; step < steps; step += 1) {
    const rate = told.reduce((sum, { events }) => sum + at(events, step), 0) / told.length;
    for (const { pexh, events } of told) {
      own += (at(pexh, step) - at(events, step)) ** 2;
      plain += (rate - at(events, step)) ** 2;
    }
  }
  return plain > 0 ? 1 - own / plain : null;
}

function eventsBy(actual: readonly (number | null)[], capacity: number): number[] {
  let happened = 0;
  return actual.map((value) => {
    if (value !== null && value > capacity) happened = 1;
    return happened;
  });
}

/** The last value, with a multiplicative season where the test of the M4 competition sees one. */
function naive2(values: Float64Array, period: number, horizon: number): Float64Array {
  const last = at(values, values.length - 1);
  const flat = new Float64Array(horizon).fill(last);
  if (period < 2 || !isSeasonal(values, period)) return flat;
  const season = multiplicativeSeason(values, period);
  if (season.some((factor) => !Number.isFinite(factor) || factor === 0)) return flat;
  const level = last / at(season, (values.length - 1) % period);
  return flat.map((_, step) => level * at(season, (values.length + step) % period));
}

function isSeasonal(values: Float64Array, period: number): boolean {
  const lags = Math.min(values.length - 1, Math.floor(10 * Math.log10(values.length)));
  if (values.length < 3 * period || period > lags) return false;
  const correlations = autocorrelations(values, period);
  const squares = correlations.subarray(0, period - 1).reduce((sum, one) => sum + one * one, 0);
  const limit = 1.645 * Math.sqrt((1 + 2 * squares) / values.length);
  return Math.abs(at(correlations, period - 1)) > limit;
}

/** R's `decompose(type = "multiplicative")`. */
function multiplicativeSeason(values: Float64Array, period: number): Float64Array {
  const half = period >> 1;
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let index = half; index < values.length - half; index += 1) {
    let trend = 0;
    for (let step = -half; step <= half; step += 1) {
      const isEdge = period % 2 === 0 && Math.abs(step) === half;
      trend += (isEdge ? 0.5 : 1) * at(values, index + step);
    }
    const phase = index % period;
    sums[phase] = at(sums, phase) + (at(values, index) * period) / trend;
    counts[phase] = at(counts, phase) + 1;
  }
  const shape = sums.map((sum, phase) => sum / at(counts, phase));
  const mean = shape.reduce((sum, one) => sum + one, 0) / period;
  return shape.map((one) => one / mean);
}
