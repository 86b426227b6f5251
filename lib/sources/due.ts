import type { SourceState } from '../ports/sources.ts';
import { parseSchedule } from '../schedule-expression.ts';
import { type Source, sourceFingerprint } from './source.ts';

/** When a source is due: at once when it was never pulled, or is asked something else by now. Null: never by itself. */
export function dueAt(source: Source, state: SourceState | null): Date | null {
  if (!source.enabled) return null;
  if (state === null || state.lastRun === null) return new Date(0);
  if (state.fingerprint !== sourceFingerprint(source)) return new Date(0);
  if (state.schedule !== source.schedule) {
    return parseSchedule(source.schedule, 'UTC').next(new Date(state.lastRun.startedAt));
  }
  return state.nextDueAt === null ? null : new Date(state.nextDueAt);
}

/**
 * The time of the schedule after a run that was due at `due` and ends now. Runs keep their minute:
 * of `rate(1 hour)` the next is an hour after the last was due, not after it ran.
 */
export function nextDueAt(schedule: string, due: Date, now: Date): Date | null {
  const times = parseSchedule(schedule, 'UTC');
  const next = times.next(due.getTime() === 0 ? now : due);
  if (next === null || next > now) return next;
  return times.next(now);
}
