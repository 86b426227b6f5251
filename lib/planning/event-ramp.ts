import { type Day, startOfDay } from '../period/calendar.ts';
import { DAY_US } from '../period/instant.ts';
import type { PlannedEvent } from './planned-event.ts';

/**
 * Share of an event's size that is there on a day, if it starts `laterDays` after its date: 0
 * before it, 1 when the ramp is through, 0 again from `until` on. The S is smoothstep, 3x² - 2x³.
 */
export function activeShare(event: PlannedEvent, day: Day, laterDays = 0): number {
  const since = daysBetween(event.date, day) - laterDays;
  if (since < 0) return 0;
  if (event.until !== undefined && daysBetween(event.until, day) - laterDays >= 0) return 0;
  const { shape, days } = event.ramp;
  if (shape === 'step' || since >= days) return 1;
  const x = (since + 1) / (days + 1);
  return shape === 'linear' ? x : x * x * (3 - 2 * x);
}

/** Days from one day to another; negative when it lies before. */
export function daysBetween(from: Day, to: Day): number {
  return (startOfDay(to) - startOfDay(from)) / DAY_US;
}
