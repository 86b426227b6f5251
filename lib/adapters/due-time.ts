/** How long touches may put a partition off beyond its first wish, in milliseconds. */
const PUT_OFF_MS_MAX = 60_000;

/**
 * When a partition wants to be metered: not before `wish`, so that a burst of ingests is metered
 * once, and not after `deadline`, so that a steady stream is metered at all. Milliseconds.
 */
export interface DueWindow {
  readonly wishMs: number;
  readonly deadlineMs: number;
}

/** What one touch asks for: its delay, or up to twice that (a minute more at most) while others follow. */
export function windowOfTouch(nowMs: number, delaySeconds: number): DueWindow {
  const delayMs = delaySeconds * 1_000;
  return {
    wishMs: nowMs + delayMs,
    deadlineMs: nowMs + delayMs + Math.min(delayMs, PUT_OFF_MS_MAX),
  };
}

/** The window of both touches, whichever came first: the latest wish, the earliest deadline. */
export function mergeWindows(a: DueWindow, b: DueWindow): DueWindow {
  return {
    wishMs: Math.max(a.wishMs, b.wishMs),
    deadlineMs: Math.min(a.deadlineMs, b.deadlineMs),
  };
}

/** When the partition is due, in milliseconds since 1970. */
export function dueAtMs(window: DueWindow): number {
  return Math.min(window.wishMs, window.deadlineMs);
}
