import type { Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { linearForecast } from './linear-forecast.ts';
import { nelderMead } from './nelder-mead.ts';
import { at } from './numbers.ts';

const OBSERVATIONS_NEEDED = 6;
/** The moving line means nothing yet: errors of the first steps are not counted. */
const UNCOUNTED = 3;

export interface ThetaParameters {
  /** Smoothing of the level, in (0, 1). */
  readonly alpha: number;
  /** Weight of curvature, from 1; at 1 the trend plays no part. */
  readonly theta: number;
  readonly initialLevel: number;
}

/** What the recursion carries from one observation to the next. */
interface ThetaState {
  readonly count: number;
  readonly level: number;
  readonly mean: number;
  readonly intercept: number;
  readonly slope: number;
}

/**
 * The dynamic optimised theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler,
 * 2016): exponential smoothing with the drift of a regression line that moves with the data.
 * Takes no season: give it seasonally adjusted values.
 */
export const dynamicTheta: Forecaster = {
  name: 'dynamic_theta',
  fit(history) {
    if (history.values.length < OBSERVATIONS_NEEDED) {
      return { ok: false, reason: 'too_short', observationsNeeded: OBSERVATIONS_NEEDED };
    }
    const values = fillGaps(history.values, 1);
    const parameters = optimise(values);
    const { squares } = sumOfSquares(values, movingLines(values), parameters);
    const forecast = (horizonSteps: number) =>
      linearForecast({
        history,
        mean: dynamicThetaMean(values, parameters, horizonSteps),
        deviation: Math.sqrt(Math.max(0, squares) / Math.max(1, values.length - 2 * UNCOUNTED)),
        weights: new Float64Array(horizonSteps).map((_, step) =>
          step === 0 ? 1 : parameters.alpha,
        ),
      });
    return { ok: true, model: { forecast } };
  },
};

function optimise(values: Float64Array): ThetaParameters {
  const lines = movingLines(values);
  const best = nelderMead((point) => sumOfSquares(values, lines, shapeOf(point)).squares, [0, 1], {
    step: 1,
    evaluations: 80,
    tolerance: 1e-6,
  });
  const shape = shapeOf(best.point);
  return { ...shape, initialLevel: sumOfSquares(values, lines, shape).initialLevel };
}

type Shape = Pick<ThetaParameters, 'alpha' | 'theta'>;

function shapeOf(point: Float64Array): Shape {
  return {
    alpha: 0.01 + 0.98 / (1 + Math.exp(-at(point, 0))),
    theta: 1 + Math.exp(at(point, 1)),
  };
}

/** Regression lines through the first 1, 2, ... values; they do not depend on the parameters. */
function movingLines(values: Float64Array): { intercepts: Float64Array; slopes: Float64Array } {
  const intercepts = new Float64Array(values.length);
  const slopes = new Float64Array(values.length);
  let line = { mean: 0, slope: 0, intercept: 0 };
  for (let index = 0; index < values.length; index += 1) {
    line = nextLine(line, index + 1, at(values, index));
    intercepts[index] = line.intercept;
    slopes[index] = line.slope;
  }
  return { intercepts, slopes };
}

function nextLine(line: { mean: number; slope: number }, count: number, value: number) {
  const mean = ((count - 1) * line.mean + value) / count;
  const slope =
    count === 1 ? 0 : ((count - 2) * line.slope + (6 * (value - line.mean)) / count) / (count + 1);
  return { mean, slope, intercept: mean - ((count + 1) / 2) * slope };
}

/** Squared one-step errors, with the initial level that makes them least: they are linear in it. */
function sumOfSquares(
  values: Float64Array,
  lines: { readonly intercepts: Float64Array; readonly slopes: Float64Array },
  { alpha, theta }: Shape,
): { squares: number; initialLevel: number } {
  const tilt = 1 - 1 / theta;
  let [level, power] = [0, 1];
  let [errors, products, powers] = [0, 0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const trend =
      index === 0
        ? 0
        : power * at(lines.intercepts, index - 1) +
          ((1 - power * (1 - alpha)) / alpha) * at(lines.slopes, index - 1);
    if (index >= UNCOUNTED) {
      const error = at(values, index) - level - tilt * trend;
      errors += error * error;
      products += error * power;
      powers += power * power;
    }
    level = alpha * at(values, index) + (1 - alpha) * level;
    power *= 1 - alpha;
  }
  // With fast smoothing nothing of it is left to tell: then it is the first value.
  const initialLevel = powers > 1e-12 ? products / powers : at(values, 0);
  const squares = errors - 2 * initialLevel * products + initialLevel ** 2 * powers;
  return { squares, initialLevel };
}

/** The forecast after these values with these parameters. */
export function dynamicThetaMean(
  values: Float64Array,
  parameters: ThetaParameters,
  horizonSteps: number,
): Float64Array {
  const { initialLevel, alpha } = parameters;
  let state: ThetaState = { count: 0, level: initialLevel, mean: 0, intercept: 0, slope: 0 };
  for (const value of values) state = advance(state, value, alpha);
  return new Float64Array(horizonSteps).map(() => {
    const value = expected(state, parameters);
    state = advance(state, value, alpha);
    return value;
  });
}

function expected(state: ThetaState, { alpha, theta }: ThetaParameters): number {
  const power = (1 - alpha) ** state.count;
  const trend = power * state.intercept + ((1 - power * (1 - alpha)) / alpha) * state.slope;
  return state.level + (1 - 1 / theta) * trend;
}

function advance(state: ThetaState, value: number, alpha: number): ThetaState {
  const count = state.count + 1;
  return {
    count,
    level: alpha * value + (1 - alpha) * state.level,
    ...nextLine(state, count, value),
  };
}
