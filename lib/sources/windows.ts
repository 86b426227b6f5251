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
  /** The last window ends at a multiple of it since 1970. */
  readonly stepSeconds: number;
  /** Windows start at multiples of it, so that two pulls cut time alike: a multiple of the step. */
  readonly windowSeconds: number;
  readonly overlapMinutes: number;
  readonly historyDays: number;
  /** How long after its end a window is asked for first, so that what belongs to it has arrived. */
  readonly settleSeconds: number;
}

/**
 * What to ask for next, oldest first: from what was pulled less the overlap, or from the start of
 * the day so many days ago, to the last step that is over. A window is asked for from its start, so
 * that asking again gives the same, and more when it was not over.
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
  for (let from = floorTo(start, longest); from < end; from += longest) {
    windows.push({ from, to: Math.min(from + longest, end) });
  }
  return windows;
}

function floorTo(instant: InstantUs, step: number): InstantUs {
  return Math.floor(instant / step) * step;
}
