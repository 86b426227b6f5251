import { assert } from '../assert.ts';
import { DAY_US, daysInMonth, HOUR_US, type InstantUs } from './instant.ts';

/** A UTC day, `2026-10-05`. Text order is time order. */
export type Day = string;
/** A UTC calendar month, `2026-10`: the period of a bill. Text order is time order. */
export type Month = string;

/** Half-open: `start` is in the period, `end` is the first instant after it. */
export interface Period {
  readonly start: InstantUs;
  readonly end: InstantUs;
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH = /^(\d{4})-(\d{2})$/;

/** Whether it is a day that exists, written as `2026-10-05`. */
export function isDay(text: string): text is Day {
  const match = DAY.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Whether it is a month, written as `2026-10`. */
export function isMonth(text: string): text is Month {
  const match = MONTH.exec(text);
  return match !== null && Number(match[2]) >= 1 && Number(match[2]) <= 12;
}

/** The UTC day that the instant is in. */
export function dayOf(instant: InstantUs): Day {
  return new Date(Math.floor(instant / DAY_US) * (DAY_US / 1_000)).toISOString().slice(0, 10);
}

/** The first instant of the UTC day. */
export function startOfDay(day: Day): InstantUs {
  assert(isDay(day), `not a day: "${day}"`);
  return Date.parse(`${day}T00:00:00Z`) * 1_000;
}

/** So many days later, or earlier when negative. */
export function addDays(day: Day, days: number): Day {
  return dayOf(startOfDay(day) + days * DAY_US);
}

/** Every day from `first` up to and not including `end`. */
export function daysFrom(first: Day, end: Day): Day[] {
  const days: Day[] = [];
  for (let day = first; day < end; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The UTC month that the instant is in. */
export function monthOf(instant: InstantUs): Month {
  return dayOf(instant).slice(0, 7);
}

/** So many months later, or earlier when negative. */
export function addMonths(month: Month, months: number): Month {
  assert(isMonth(month), `not a month: "${month}"`);
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months;
  return `${Math.floor(index / 12)
    .toString()
    .padStart(4, '0')}-${((index % 12) + 1).toString().padStart(2, '0')}`;
}

/** From the first instant of the month to the first of the next. */
export function periodOfMonth(month: Month): Period {
  return { start: startOfDay(`${month}-01`), end: startOfDay(`${addMonths(month, 1)}-01`) };
}

/** All days of the month, in order. */
export function daysOfMonth(month: Month): Day[] {
  return daysFrom(`${month}-01`, `${addMonths(month, 1)}-01`);
}

/** 672 to 744: months are UTC, so no hour is lost or doubled. */
export function hoursOfMonth(month: Month): number {
  const { start, end } = periodOfMonth(month);
  return (end - start) / HOUR_US;
}
