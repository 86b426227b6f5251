import type { Metric } from '../capacity/demand.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { activeShare } from './event-ramp.ts';
import { isOnCapacity, type PlannedEvent, signOf, staysInInventory } from './planned-event.ts';
import { type DailyDemand, shownEffect } from './shown-effect.ts';
import type { Spread } from './spread.ts';

/** Where an event stands at the origin. `late`: its date has passed and demand does not show it. */
export type EventState = 'planned' | 'begun' | 'late' | 'over';

export interface EventProgress {
  readonly event: PlannedEvent;
  readonly state: EventState;
  /** What demand shows of its full size, in cores and GiB; empty for what demand cannot show. */
  readonly realised: Readonly<Partial<Record<Metric, number>>>;
}

/** Less of the plan than this, and it has not begun. */
const BEGUN_SHARE = 0.25;
/** A late event is waited for so long after it should have been through. */
const GRACE_DAYS = 30;
/** More than its own size is not the event's. */
const MOST_OF_HIGH = 1.5;

const SIZE_OF = { cores: 'cores', ram: 'ramGib' } as const;

export function sizeOf(event: PlannedEvent, metric: Metric): Spread | undefined {
  return event.size[SIZE_OF[metric]];
}

/**
 * How much of the event is in the demand already, by regression of the days around its start on
 * its ramp beside a line and the days of the week. Days after the origin are not looked at.
 */
export function eventProgress(
  event: PlannedEvent,
  demand: Readonly<Partial<Record<Metric, DailyDemand>>>,
  origin: Day,
): EventProgress {
  if (event.date > origin) return { event, state: 'planned', realised: {} };
  const through = addDays(event.date, event.ramp.days);
  const ended = event.until !== undefined && event.until <= origin;
  const done = ended || (event.until === undefined && through <= origin);
  if (isOnCapacity(event)) {
    const over = staysInInventory(event) ? ended : done;
    return { event, state: over ? 'over' : 'begun', realised: {} };
  }
  const { realised, share } = realisedSizes(event, demand, origin);
  const awaited = !ended && origin < addDays(through, GRACE_DAYS);
  return { event, state: stateOf(event, { share, done, ended, awaited }), realised };
}

function stateOf(
  event: PlannedEvent,
  seen: {
    readonly share: number;
    readonly done: boolean;
    readonly ended: boolean;
    readonly awaited: boolean;
  },
): EventState {
  if (isHeld(event)) return seen.ended ? 'over' : 'begun';
  if (seen.share >= BEGUN_SHARE) return seen.done ? 'over' : 'begun';
  return seen.awaited ? 'late' : 'over';
}

/** What is reserved is held until it ends, used or not. */
export function isHeld(event: PlannedEvent): boolean {
  return event.kind === 'reservation' && event.until !== undefined && !isOnCapacity(event);
}

/** By metric, and the mean share of what was planned; 1 where demand can show nothing of it. */
function realisedSizes(
  event: PlannedEvent,
  demand: Readonly<Partial<Record<Metric, DailyDemand>>>,
  origin: Day,
): { readonly realised: Partial<Record<Metric, number>>; readonly share: number } {
  const shares: number[] = [];
  const realised: Partial<Record<Metric, number>> = {};
  for (const metric of ['cores', 'ram'] as const) {
    const size = sizeOf(event, metric);
    const days = demand[metric];
    if (size === undefined || days === undefined || size.high === 0) continue;
    const seen = seenSize({ event, size, days, origin });
    realised[metric] = seen;
    shares.push(size.mid > 0 ? Math.min(1, seen / size.mid) : 1);
  }
  const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  return { realised, share: shares.length === 0 ? 1 : share };
}

/** The full size that the part seen so far points to; as planned where too little is known. */
function seenSize(input: {
  readonly event: PlannedEvent;
  readonly size: Spread;
  readonly days: DailyDemand;
  readonly origin: Day;
}): number {
  const { event, size, days, origin } = input;
  const effect = shownEffect(days, {
    date: event.date,
    through: event.until ?? addDays(event.date, event.ramp.days),
    origin,
    shareOn: (day) => activeShare(event, day),
  });
  if (effect === null) return size.mid;
  return Math.min(MOST_OF_HIGH * size.high, Math.max(0, signOf(event) * effect));
}

/** The history as if events had stood all along as they stand at the origin: no ramp is taken for growth. */
export function withoutEvents(
  days: DailyDemand,
  metric: Metric,
  input: { readonly progress: readonly EventProgress[]; readonly origin: Day },
): DailyDemand {
  const moved = input.progress.flatMap(({ event, state, realised }) => {
    const amount = realised[metric] ?? 0;
    if (amount === 0 || state === 'late' || state === 'planned') return [];
    return [{ event, amount: signOf(event) * amount, now: activeShare(event, input.origin) }];
  });
  if (moved.length === 0) return days;
  const values = days.values.map((value, index) => {
    if (value === null) return null;
    const day = addDays(days.start, index);
    const shift = moved.reduce(
      (sum, { event, amount, now }) => sum + amount * (now - activeShare(event, day)),
      0,
    );
    return Math.max(0, value + shift);
  });
  return { ...days, values };
}
