import { DAY_US, type InstantUs, SECOND_US } from '../period/instant.ts';

/** Half-open. */
export interface Window {
  readonly from: InstantUs;
  readonly to: InstantUs;
}

export interface WindowPlan {
  /** Everything before was pulled; null when nothing was. */
  readonly pulledUntil: InstantUs | null;
  readonly now: InstantUs;
  /** Windows start and end at multiples of it since 1970, so that two pulls cut time alike. A divisor or a multiple of a day. */
  readonly stepSeconds: number;
  /** Of one window: a multiple of the step. */
  readonly windowSeconds: number;
  readonly overlapMinutes: number;
  readonly historyDays: number;
  /** How long after its end a window is asked for first, so that what belongs to it has arrived. */
  readonly settleSeconds: number;
}

/**
 * What to ask for next, oldest first: from what was pulled less the overlap, or from the start of
 * the day so many days ago, to the last step that is over. Each window is asked for in full, so
 * that asking again gives the same.
 */
export function windowsOf(plan: WindowPlan): Window[] {
  const step = plan.stepSeconds * SECOND_US;
  const longest = plan.windowSeconds * SECOND_US;
  const end = floorTo(plan.now - plan.settleSeconds * SECOND_US, step);
  const start =
    plan.pulledUntil === null
      ? floorTo(plan.now, DAY_US) - plan.historyDays * DAY_US
      : plan.pulledUntil - plan.overlapMinutes * 60 * SECOND_US;
  const windows: Window[] = [];
  for (let from = floorTo(start, step); from < end; ) {
    const to = Math.min(floorTo(from, longest) + longest, end);
    windows.push({ from, to });
    from = to;
  }
  return windows;
}

function floorTo(instant: InstantUs, step: number): InstantUs {
  return Math.floor(instant / step) * step;
}
