import type { Metric } from '../capacity/demand.ts';
import { toText } from '../decimal/decimal.ts';
import { at, quantileOfSorted } from '../forecasting/numbers.ts';
import { seededRandom } from '../forecasting/random.ts';
import { type Day, startOfDay } from '../period/calendar.ts';
import type { ShareBook } from '../rating/shares.ts';
import { UNASSIGNED } from '../rating/team.ts';
import { eventPaths } from './event-paths.ts';
import { type EventProgress, sizeOf } from './event-progress.ts';
import { isOnCapacity, type PlannedEvent } from './planned-event.ts';
import { seedOf } from './seed.ts';
import type { Spread } from './spread.ts';

/** Planned events that change demand, by whose it is. */
export interface TeamEvents {
  /** Of an event that names a project, each team that holds it has its part. */
  readonly byTeam: ReadonlyMap<string, readonly PlannedEvent[]>;
  /** These name nobody: what they bring is no team's. */
  readonly unnamed: readonly PlannedEvent[];
}

export const NO_TEAM_EVENTS: TeamEvents = { byTeam: new Map(), unnamed: [] };

/** Of a project it is those teams' that hold it on the day of the event; what nobody holds is `UNASSIGNED`. */
export function eventsOfTeams(
  events: readonly PlannedEvent[],
  metric: Metric,
  shares: ShareBook,
): TeamEvents {
  const byTeam = new Map<string, PlannedEvent[]>();
  const unnamed: PlannedEvent[] = [];
  // In the order of their ids, so that none depends on the order given.
  for (const event of events
    .filter((one) => counts(one, metric))
    .sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (event.team === undefined && event.project === undefined) unnamed.push(event);
    for (const { team, share } of partsOf(event, shares)) {
      byTeam.set(team, [...(byTeam.get(team) ?? []), scaled(event, share)]);
    }
  }
  return { byTeam, unnamed };
}

/** One of size zero changes nothing, nor makes it a team. */
function counts(event: PlannedEvent, metric: Metric): boolean {
  return (sizeOf(event, metric)?.high ?? 0) > 0 && event.probability > 0 && !isOnCapacity(event);
}

function partsOf({ team, project, date }: PlannedEvent, shares: ShareBook) {
  if (team !== undefined) return [{ team, share: 1 }];
  if (project === undefined) return [];
  const start = startOfDay(date);
  const span = shares.get(project)?.find((one) => one.start <= start && start < one.end);
  if (span === undefined) return [{ team: UNASSIGNED, share: 1 }];
  return span.parts.map(({ team, percent }) => ({ team, share: Number(toText(percent)) / 100 }));
}

function scaled(event: PlannedEvent, share: number): PlannedEvent {
  if (share === 1) return event;
  const part = ({ low, mid, high }: Spread): Spread => ({
    low: share * low,
    mid: share * mid,
    high: share * high,
  });
  const { cores, ramGib } = event.size;
  return {
    ...event,
    size: { ...(cores && { cores: part(cores) }), ...(ramGib && { ramGib: part(ramGib) }) },
  };
}

const PATHS = 1_000;
/** Levels of a team's own demand that futures are drawn from. */
const LEVELS = 100;

/** What events add by path and day after the origin; null where none does. */
export function teamEventPaths(of: {
  readonly region: string;
  readonly metric: Metric;
  readonly progress: readonly EventProgress[];
  readonly origin: Day;
  readonly horizonDays: number;
}): readonly Float64Array[] | null {
  return eventPaths({ ...of, count: PATHS, hostSize: null }).demand;
}

/**
 * Quantiles of a team's demand with its events, by day ahead: own demand at one of a hundred levels,
 * each as often as the others, and an event as it comes in one of its futures, together by lot.
 */
export function quantilesWithEvents(
  ownAt: (level: number) => Float64Array,
  paths: readonly Float64Array[],
  seedText: string,
): (level: number) => Float64Array {
  const own = Array.from({ length: LEVELS }, (_, index) => ownAt((index + 0.5) / LEVELS));
  const lots = shuffled(paths.length, seedText);
  const days = paths[0]?.length ?? 0;
  const sorted = Array.from({ length: days }, (_, step) =>
    Float64Array.from(paths, (path, index) =>
      Math.max(0, at(own[(lots[index] ?? 0) % LEVELS] ?? [], step) + at(path, step)),
    ).sort(),
  );
  return (level) => Float64Array.from(sorted, (values) => quantileOfSorted(values, level));
}

function shuffled(count: number, seedText: string): number[] {
  const random = seededRandom(seedOf(seedText));
  const lots = Array.from({ length: count }, (_, index) => ({ index, lot: random() }));
  return lots.sort((a, b) => a.lot - b.lot).map(({ index }) => index);
}
