/** Whole days of one month in a row; a day's cost is a share of the month's mean. */
export interface DayRun {
  /** Day of the week of the first, 0 to 6: which of them it is does not matter. */
  readonly firstWeekday: number;
  readonly costs: readonly number[];
}

const WEEK = 7;
/** Each day of the week is seen twice: once is no pattern. */
const DAYS_MIN = 14;

/**
 * What a day of the week costs compared with a week's mean, from residuals around a centred week,
 * drawn towards 1 by as much as they scatter (James and Stein): noise makes no pattern.
 *
 * @returns seven factors above 0
 */
export function weekdayShape(runs: readonly DayRun[]): readonly number[] {
  const seen = runs.filter(({ costs }) => costs.length >= DAYS_MIN);
  const ratios: number[][] = Array.from({ length: WEEK }, () => []);
  for (const { firstWeekday, costs } of seen) {
    for (let day = 0; day < costs.length; day += 1) {
      const around = weekAround(costs, day);
      if (around > 0) ratios[(firstWeekday + day) % WEEK]?.push((costs[day] ?? 0) / around - 1);
    }
  }
  if (ratios.some((own) => own.length < 2)) return Array.from({ length: WEEK }, () => 1);
  const effects = ratios.map(meanOf);
  const scatter =
    sumOf(
      ratios.map((own, weekday) => sumOf(own.map((one) => (one - (effects[weekday] ?? 0)) ** 2))),
    ) /
    (sumOf(ratios.map(({ length }) => length)) - WEEK);
  const noise = scatter / meanOf(ratios.map(({ length }) => length));
  const spread = meanOf(effects.map((effect) => effect ** 2));
  const kept = spread > noise ? 1 - noise / spread : 0;
  return effects.map((effect) => Math.max(LEAST, 1 + kept * effect));
}

/** A day on which next to nothing is used still divides. */
const LEAST = 0.02;

/** Mean of the seven days around a day; at the ends of the month those that lie nearest. */
function weekAround(costs: readonly number[], day: number): number {
  const first = Math.min(Math.max(day - 3, 0), costs.length - WEEK);
  return meanOf(costs.slice(first, first + WEEK));
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
