import { at } from './numbers.ts';

/** Smoothing of level, trend and season, and the damping of the trend; 0 leaves a part fixed. */
export interface SmoothingParameters {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

export interface SmoothingState {
  readonly level: number;
  readonly trend: number;
  /** What the next season adds, next step first; empty without a season. */
  readonly season: Float64Array;
}

export interface Smoothed {
  readonly squares: number;
  readonly initial: SmoothingState;
  readonly final: SmoothingState;
}

/** The state driven by the values, and its response to one unit of initial level or trend. */
interface Runner {
  level: number;
  trend: number;
  readonly season: Float64Array;
}

/**
 * Runs additive exponential smoothing (innovations form; Hyndman, Koehler, Ord and Snyder, 2008)
 * through the values. One-step errors are linear in the initial level and trend, so the pair that
 * makes their squares least is solved for, not searched.
 */
export function smooth(
  values: Float64Array,
  parameters: SmoothingParameters,
  start: { readonly season: Float64Array; readonly hasTrend: boolean },
): Smoothed {
  const driven = { level: 0, trend: 0, season: start.season.slice() };
  const byLevel = { level: 1, trend: 0, season: new Float64Array(start.season.length) };
  const byTrend = { level: 0, trend: 1, season: new Float64Array(start.season.length) };
  const seasonSteps = start.season.length;
  let [ee, eu, ev, uu, uv, vv] = [0, 0, 0, 0, 0, 0];
  let phase = 0;
  for (let index = 0; index < values.length; index += 1) {
    const e = advance(driven, parameters, phase, at(values, index));
    const u = advance(byLevel, parameters, phase, 0);
    ee += e * e;
    eu += e * u;
    uu += u * u;
    if (start.hasTrend) {
      const v = advance(byTrend, parameters, phase, 0);
      ev += e * v;
      uv += u * v;
      vv += v * v;
    }
    phase = phase + 1 < seasonSteps ? phase + 1 : 0;
  }
  const determinant = uu * vv - uv * uv;
  const solvable = start.hasTrend && determinant > 1e-12 * uu * vv;
  const trend = solvable ? (uv * eu - uu * ev) / determinant : 0;
  const level = uu > 0 ? -(eu + trend * uv) / uu : 0;
  const squares = ee + level * eu + trend * ev;
  const mix = (d: number, l: number, t: number) => d + level * l + trend * t;
  return {
    squares: Math.max(0, squares),
    initial: { level, trend, season: start.season },
    final: {
      level: mix(driven.level, byLevel.level, byTrend.level),
      trend: mix(driven.trend, byLevel.trend, byTrend.trend),
      season: nextSeason(driven, byLevel, byTrend, { level, trend, count: values.length }),
    },
  };
}

/** Takes one value into the state; returns the error of the one-step forecast. */
function advance(
  state: Runner,
  { alpha, beta, gamma, phi }: SmoothingParameters,
  phase: number,
  value: number,
): number {
  const seasonal = state.season.length > 0 ? at(state.season, phase) : 0;
  const carried = phi * state.trend;
  const error = value - state.level - carried - seasonal;
  state.level += carried + alpha * error;
  state.trend = carried + beta * error;
  if (state.season.length > 0) state.season[phase] = seasonal + gamma * error;
  return error;
}

function nextSeason(
  driven: Runner,
  byLevel: Runner,
  byTrend: Runner,
  start: { readonly level: number; readonly trend: number; readonly count: number },
): Float64Array {
  const length = driven.season.length;
  return driven.season.map((_, step) => {
    const phase = (start.count + step) % length;
    return (
      at(driven.season, phase) +
      start.level * at(byLevel.season, phase) +
      start.trend * at(byTrend.season, phase)
    );
  });
}

export function smoothedMean(
  state: SmoothingState,
  phi: number,
  horizonSteps: number,
): Float64Array {
  let damping = 0;
  let power = 1;
  return new Float64Array(horizonSteps).map((_, step) => {
    power *= phi;
    damping += power;
    const seasonal = state.season.length > 0 ? at(state.season, step % state.season.length) : 0;
    return state.level + damping * state.trend + seasonal;
  });
}

/** What an innovation adds j steps later (Hyndman et al., 2008, table 6.1). */
export function smoothingWeights(
  { alpha, beta, gamma, phi }: SmoothingParameters,
  seasonSteps: number,
  horizonSteps: number,
): Float64Array {
  let damping = 0;
  let power = 1;
  return new Float64Array(horizonSteps).map((_, lag) => {
    if (lag === 0) return 1;
    damping += power;
    power *= phi;
    return alpha + beta * damping + (seasonSteps > 1 && lag % seasonSteps === 0 ? gamma : 0);
  });
}
