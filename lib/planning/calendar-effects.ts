import { addDays, type Day } from '../period/calendar.ts';
import type { DailyDemand } from './shown-effect.ts';

/** What demand does on days of one kind, and whether the past bears it out. */
export interface CalendarEffect {
  readonly kind: 'holiday' | 'month_end';
  /** Of those that were seen in the history. */
  readonly days: number;
  /** In the unit of the demand. */
  readonly amount: number;
  /** Mean absolute error over those days with the effect, over that without; at least 1 is no help. */
  readonly errorRatio: number;
  /** Only what helps is heeded. */
  readonly isHeeded: boolean;
}

const LEAST_DAYS = 4;
/** The effect must take away at least a tenth of the error, or it may be chance. */
const HELPS = 0.9;
const WEEKS = [-2, -1, 1, 2] as const;
const WEEK_DAYS = 7;

/**
 * Effects of holidays and of the last day of a month, against the same weekday of the weeks around.
 * Each is put to a rehearsal: every such day is told by the ones before it alone, and the effect
 * is heeded if that errs less than knowing nothing of calendars. The change to summer time is no
 * regressor: days are those of UTC, and the highest hour is as high when it comes an hour earlier.
 */
export function calendarEffects(
  days: DailyDemand,
  holidays: ReadonlySet<Day>,
): readonly CalendarEffect[] {
  const isSpecial = (day: Day) => holidays.has(day) || isMonthEnd(day);
  const known = new Map<'holiday' | 'month_end', number[]>();
  for (const [index, value] of days.values.entries()) {
    const day = addDays(days.start, index);
    if (value === null || !isSpecial(day)) continue;
    const usual = usualOn(days, index, isSpecial);
    if (usual === null) continue;
    const kind = holidays.has(day) ? 'holiday' : 'month_end';
    known.set(kind, [...(known.get(kind) ?? []), value - usual]);
  }
  return [...known].map(([kind, surprises]) => rehearsed(kind, surprises));
}

function isMonthEnd(day: Day): boolean {
  return addDays(day, 1).endsWith('-01');
}

/** Mean of the same weekday in the two weeks before and after; null where fewer than two are known. */
function usualOn(
  days: DailyDemand,
  index: number,
  isSpecial: (day: Day) => boolean,
): number | null {
  const around = WEEKS.flatMap((week) => {
    const at = index + week * WEEK_DAYS;
    const value = days.values[at] ?? null;
    return value === null || isSpecial(addDays(days.start, at)) ? [] : [value];
  });
  if (around.length < 2) return null;
  return around.reduce((sum, value) => sum + value, 0) / around.length;
}

function rehearsed(kind: CalendarEffect['kind'], surprises: readonly number[]): CalendarEffect {
  let [sum, withEffect, without] = [0, 0, 0];
  for (const [count, surprise] of surprises.entries()) {
    if (count > 0) {
      // So many days before it, and one that says there is no effect.
      withEffect += Math.abs(surprise - sum / (count + 1));
      without += Math.abs(surprise);
    }
    sum += surprise;
  }
  const days = surprises.length;
  const errorRatio = without > 0 ? withEffect / without : 1;
  const isHeeded = days >= LEAST_DAYS && errorRatio < HELPS;
  return { kind, days, amount: sum / (days + 1), errorRatio, isHeeded };
}

/** What the heeded effects add on a day. */
export function effectOn(
  effects: readonly CalendarEffect[],
  holidays: ReadonlySet<Day>,
  day: Day,
): number {
  const kind = holidays.has(day) ? 'holiday' : 'month_end';
  if (kind === 'month_end' && !isMonthEnd(day)) return 0;
  const effect = effects.find((one) => one.kind === kind);
  return effect?.isHeeded ? effect.amount : 0;
}
