import type { Metric } from '../capacity/demand.ts';
import { at } from '../forecasting/numbers.ts';
import { seededRandom } from '../forecasting/random.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { type EventProgress, isHeld, sizeOf } from './event-progress.ts';
import { activeShare, daysBetween } from './event-ramp.ts';
import { isOnCapacity, type PlannedEvent, signOf, staysInInventory } from './planned-event.ts';
import { seedOf } from './seed.ts';
import type { Spread } from './spread.ts';
import { spreadQuantile } from './spread-quantile.ts';

/** What all events add by path and day after the origin; null where no event counts. */
export interface EventPaths {
  readonly demand: Float64Array[] | null;
  readonly capacity: Float64Array[] | null;
}

export interface EventPathsInput {
  readonly region: string;
  readonly metric: Metric;
  readonly progress: readonly EventProgress[];
  readonly origin: Day;
  readonly horizonDays: number;
  readonly count: number;
  /** What one host of mean size holds of the metric; null where no host is known. */
  readonly hostSize: number | null;
}

/**
 * Draws each event on each path: whether it comes, when, and how large, with the same draw for cores
 * and RAM. An event draws from its own source, so others do not change what it does.
 */
export function eventPaths(input: EventPathsInput): EventPaths {
  const added: { demand: Float64Array[] | null; capacity: Float64Array[] | null } = {
    demand: null,
    capacity: null,
  };
  for (const progress of input.progress) {
    const { event, state } = progress;
    const size = sizeIn(event, input);
    if (state === 'over' || size === null || size.high === 0 || event.probability === 0) continue;
    const side = isOnCapacity(event) ? 'capacity' : 'demand';
    const paths = added[side] ?? blank(input);
    added[side] = paths;
    addTo(paths, size, { progress, draws: drawsOf(progress, input), input });
  }
  return added;
}

/** Of one path. */
interface Draw {
  readonly comes: boolean;
  /** Quantile of its size. */
  readonly size: number;
  readonly laterDays: number;
}

function drawsOf({ event, state }: EventProgress, input: EventPathsInput): Draw[] {
  const random = seededRandom(seedOf(`${input.region}/event/${event.id}`));
  const { slipDays, probability } = event;
  const overdue = state === 'late' ? daysBetween(event.date, addDays(input.origin, 1)) : 0;
  return Array.from({ length: input.count }, () => {
    const [chance, size, slip] = [random(), random(), random()];
    const slipped = slipDays === undefined ? 0 : Math.round(spreadQuantile(slipDays, slip));
    if (state === 'begun') return { comes: true, size, laterDays: 0 };
    return { comes: chance < probability, size, laterDays: overdue + slipped };
  });
}

/** Null where the event says nothing of the metric. */
function sizeIn(event: PlannedEvent, { metric, hostSize }: EventPathsInput): Spread | null {
  const { hosts } = event.size;
  if (hosts === undefined) return sizeOf(event, metric) ?? null;
  if (hostSize === null) return null;
  return { low: hostSize * hosts.low, mid: hostSize * hosts.mid, high: hostSize * hosts.high };
}

function blank({ count, horizonDays }: EventPathsInput): Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(horizonDays));
}

function addTo(
  paths: readonly Float64Array[],
  size: Spread,
  of: {
    readonly progress: EventProgress;
    readonly draws: readonly Draw[];
    readonly input: EventPathsInput;
  },
): void {
  const { event, state, realised } = of.progress;
  const { origin, horizonDays, metric } = of.input;
  // What is there at the origin is in the demand, or in the inventory, already.
  const counted = state === 'begun' && !staysInInventory(event) ? activeShare(event, origin) : 0;
  // What is held and not in use yet may be used on any day.
  const shown = isHeld(event) ? (realised[metric] ?? Infinity) : Infinity;
  const byDelay = new Map<number, Float64Array>();
  const shares = (laterDays: number) => {
    const known = byDelay.get(laterDays);
    if (known) return known;
    const made = new Float64Array(horizonDays).map((_, step) =>
      activeShare(event, addDays(origin, step + 1), laterDays),
    );
    byDelay.set(laterDays, made);
    return made;
  };
  for (const [index, path] of paths.entries()) {
    const draw = of.draws[index];
    if (!draw?.comes) continue;
    const amount = spreadQuantile(size, draw.size);
    const present = counted * Math.min(amount, shown);
    const share = shares(draw.laterDays);
    for (let step = 0; step < horizonDays; step += 1) {
      path[step] = at(path, step) + signOf(event) * (amount * at(share, step) - present);
    }
  }
}
