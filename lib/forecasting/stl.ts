import { applyRow, loessRow, loessSmooth } from './loess.ts';
import { at } from './numbers.ts';

const INNER_PASSES = 2;

export interface StlShape {
  /** Seasons that weigh in for one phase of the season; odd. */
  readonly seasonalWindow: number;
}

/**
 * The seasonal component of STL (Cleveland, Cleveland, McRae and Terpenning, 1990) with two inner
 * and no robustness iterations and R's defaults for the other windows. At least two seasons.
 */
export function stlSeasonal(
  values: Float64Array,
  seasonSteps: number,
  shape: StlShape,
): Float64Array {
  const { seasonalWindow } = shape;
  const trendWindow = nextOdd((1.5 * seasonSteps) / (1 - 1.5 / seasonalWindow));
  let trend: Float64Array = new Float64Array(values.length);
  let seasonal: Float64Array = new Float64Array(values.length);
  for (let pass = 0; pass < INNER_PASSES; pass += 1) {
    const detrended = values.map((value, index) => value - at(trend, index));
    const cycles = smoothCycles(detrended, seasonSteps, seasonalWindow);
    const low = lowPass(cycles, seasonSteps);
    seasonal = low.map((value, index) => at(cycles, index + seasonSteps) - value);
    // After the last pass nobody asks for the trend.
    if (pass + 1 === INNER_PASSES) break;
    const adjusted = values.map((value, index) => value - at(seasonal, index));
    trend = loessSmooth(adjusted, { window: trendWindow, degree: 1 });
  }
  return seasonal;
}

export function nextOdd(value: number): number {
  const rounded = Math.ceil(value);
  return rounded % 2 === 1 ? rounded : rounded + 1;
}

/** Each phase of the season smoothed over the years, with one more season at either end. */
function smoothCycles(values: Float64Array, seasonSteps: number, window: number): Float64Array {
  const extended = new Float64Array(values.length + 2 * seasonSteps);
  const rowsOf = cycleRows(window);
  for (let phase = 0; phase < seasonSteps; phase += 1) {
    const cycle = new Float64Array(Math.ceil((values.length - phase) / seasonSteps));
    for (let turn = 0; turn < cycle.length; turn += 1) {
      cycle[turn] = at(values, phase + turn * seasonSteps);
    }
    for (const [turn, row] of rowsOf(cycle.length).entries()) {
      extended[phase + turn * seasonSteps] = applyRow(cycle, row);
    }
  }
  return extended;
}

/** Rows for cycles of a length, from one turn before to one after; phases have one or two lengths. */
function cycleRows(window: number): (turns: number) => ReturnType<typeof loessRow>[] {
  const made = new Map<number, ReturnType<typeof loessRow>[]>();
  return (turns) => {
    const known = made.get(turns);
    if (known) return known;
    const rows = Array.from({ length: turns + 2 }, (_, turn) =>
      loessRow(turns, turn - 1, { window, degree: 0 }),
    );
    made.set(turns, rows);
    return rows;
  };
}

/** What of the smoothed cycles is not seasonal: three moving averages, then loess. */
function lowPass(cycles: Float64Array, seasonSteps: number): Float64Array {
  const averaged = movingMeans(movingMeans(movingMeans(cycles, seasonSteps), seasonSteps), 3);
  return loessSmooth(averaged, { window: nextOdd(seasonSteps), degree: 1 });
}

export function movingMeans(values: Float64Array, window: number): Float64Array {
  const means = new Float64Array(values.length - window + 1);
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    sum += at(values, index);
    if (index >= window) sum -= at(values, index - window);
    if (index >= window - 1) means[index - window + 1] = sum / window;
  }
  return means;
}
