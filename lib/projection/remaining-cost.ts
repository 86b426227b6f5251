import { expectedSum } from './day-pace.ts';
import { type DayRun, weekdayShape } from './weekday-shape.ts';

/** Costs of whole days in a row, in any unit: only their proportions count. */
export interface DayCosts {
  /** Day of the week of the first, 0 to 6. */
  readonly firstWeekday: number;
  /** Not below 0. */
  readonly costs: readonly bigint[];
}

export interface Pace {
  /** The whole days of the month so far. */
  readonly month: DayCosts;
  /** Of the month before, in a unit of its own; null where it is not known. */
  readonly before: DayCosts | null;
  /** What the month came to so far, the day under way included: in the unit of `month`. */
  readonly grown: bigint;
  readonly elapsedHours: number;
  readonly hoursInMonth: number;
}

/** What is still to come, in parts of `PARTS` of what the month came to so far. */
export interface RemainingCost {
  readonly low: bigint;
  readonly middle: bigint;
  readonly high: bigint;
}

/** Twelve digits: far finer than days are regular. */
export const PARTS = 1_000_000_000_000n;

const DAY_HOURS = 24;
/** With fewer whole days behind it a month goes on at the rate of its hours. */
const DAYS_MIN = 3;
/** Of the standard normal distribution, below which 90 % lie. */
const NORMAL_90 = 1.2815515655446004;
/** A team that has used next to nothing may begin tomorrow: beyond this nothing is said. */
const RATIO_MAX = 1e9;

/**
 * What the rest of a month costs: it comes to `low` or less in one case of ten, and to `high` or more
 * in one of ten. `middle` lies between; at the end of the month all are 0.
 */
export function remainingCost(pace: Pace): RemainingCost {
  const { grown, elapsedHours, hoursInMonth, month } = pace;
  const grownCost = Number(grown);
  if (elapsedHours >= hoursInMonth || grownCost <= 0) return { low: 0n, middle: 0n, high: 0n };
  const { middle, spread } = remaining(pace, ownDays(month));
  const high = middle + spread;
  const low = high > 0 ? middle ** 2 / high : 0;
  return {
    low: partsOf(low / grownCost),
    middle: partsOf(middle / grownCost),
    high: partsOf(high / grownCost),
  };
}

/** Whether so many whole days are too few to go by. */
export function isRunRate(wholeDays: number): boolean {
  return wholeDays < DAYS_MIN;
}

/** In the unit of the month; `spread` lies between the middle and what is exceeded one time in ten. */
interface Remaining {
  readonly middle: number;
  readonly spread: number;
}

function remaining(pace: Pace, own: DayRun): Remaining {
  const { elapsedHours, month } = pace;
  if (isRunRate(month.costs.length)) return ofHours(pace, elapsedHours);
  // What came today has no whole day to go by.
  if (own.costs.length === 0) return ofHours(pace, elapsedHours % DAY_HOURS || elapsedHours);
  return expected(pace, own);
}

/** The rate of so many hours, the last ones, as uncertain as the days before were restless. */
function ofHours(pace: Pace, hours: number): Remaining {
  const { elapsedHours, hoursInMonth, grown } = pace;
  const daily = (Number(grown) * DAY_HOURS) / hours;
  const days = Math.max(1, Math.floor(hours / DAY_HOURS));
  const steady = { firstWeekday: pace.month.firstWeekday, costs: Array(days).fill(daily) };
  const { middle, spread } = expected(pace, steady);
  const atThisRate = (daily * (hoursInMonth - elapsedHours)) / DAY_HOURS;
  return { middle: atThisRate, spread: middle > 0 ? (spread * atThisRate) / middle : 0 };
}

function expected(pace: Pace, own: DayRun): Remaining {
  const unit = meanOf(own.costs);
  if (!(unit > 0)) return { middle: 0, spread: 0 };
  const runs = [...(pace.before === null ? [] : [ownDays(pace.before)]), own].map(inMeans);
  const kept = runs.filter(({ costs }) => costs.length > 0);
  const shape = weekdayShape(kept);
  const level = kept.map(({ firstWeekday, costs }) => ({
    firstWeekday,
    costs: costs.map((cost, day) => cost / (shape[(firstWeekday + day) % 7] ?? 1)),
  }));
  const sum = expectedSum({ runs: level, weights: weightsAhead(pace, shape) });
  return {
    middle: Math.max(0, sum.mean) * unit,
    spread: studentQuantile(sum.degrees) * sum.scale * unit,
  };
}

/**
 * From the first day that cost anything: a team that came later was not idle before. Of the day on which
 * it came it had a part, which counts only while there is no other.
 */
function ownDays({ firstWeekday, costs }: DayCosts): DayRun {
  const came = costs.findIndex((cost) => cost > 0n);
  if (came < 0) return { firstWeekday, costs: [] };
  const stayed = costs.slice(came + 1).some((cost) => cost > 0n);
  const first = came > 0 && stayed ? came + 1 : came;
  return { firstWeekday: (firstWeekday + first) % 7, costs: costs.slice(first).map(Number) };
}

function inMeans({ firstWeekday, costs }: DayRun): DayRun {
  const mean = meanOf(costs);
  return { firstWeekday, costs: costs.map((cost) => cost / mean) };
}

/** The days ahead, the first of which may be under way: their share of a day, by what their weekday costs. */
function weightsAhead(pace: Pace, shape: readonly number[]): number[] {
  const { elapsedHours, hoursInMonth, month } = pace;
  const today = Math.floor(elapsedHours / DAY_HOURS);
  return Array.from({ length: hoursInMonth / DAY_HOURS - today }, (_, ahead) => {
    const share = ahead === 0 ? 1 - (elapsedHours % DAY_HOURS) / DAY_HOURS : 1;
    return share * (shape[(month.firstWeekday + today + ahead) % 7] ?? 1);
  });
}

/** What is exceeded one time in ten (Abramowitz and Stegun 26.7.5). */
function studentQuantile(degrees: number): number {
  const z = NORMAL_90;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}

function partsOf(ratio: number): bigint {
  return BigInt(Math.round(Math.min(ratio, RATIO_MAX) * Number(PARTS)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
