import { addDays, type Day, startOfDay } from '../period/calendar.ts';
import { DAY_US } from '../period/instant.ts';
import { EFFECTS, type Effect, type ForecastChange } from './forecast-change.ts';

/** What a forecast says, with some of its inputs those of then and the others those of now. */
export interface Told {
  /** The median of demand by each day after the origin. */
  readonly median: readonly number[];
  readonly origin: Day;
  /** Median date of exhaustion; null is beyond the horizon, undefined not known. */
  readonly exhaustion: Day | null | undefined;
}

const AHEAD_DAYS = [30, 90, 180] as const;
const PER_UNIT = 1_000;

/**
 * The difference on fixed dates, split into what each replaced input changed. Amounts are whole
 * thousandths, so that effects add up to the difference and nothing is lost between them.
 *
 * @param steps after `data`, `model`, `events` and `capacity` were replaced; the last is the forecast of now
 */
export function splitDemand(
  before: Told,
  steps: Readonly<Record<Effect, Told>>,
): ForecastChange['demand'] {
  return AHEAD_DAYS.flatMap((days) => {
    const date = addDays(steps.capacity.origin, days);
    const walk = [before, ...EFFECTS.map((effect) => steps[effect])].map((told) =>
      medianOn(told, date),
    );
    const known = walk.filter((value) => value !== null);
    if (known.length < walk.length) return [];
    const [first = 0, data = 0, model = 0, events = 0, capacity = 0] = known;
    return {
      date,
      before: first / PER_UNIT,
      after: capacity / PER_UNIT,
      effects: {
        data: (data - first) / PER_UNIT,
        model: (model - data) / PER_UNIT,
        events: (events - model) / PER_UNIT,
        capacity: (capacity - events) / PER_UNIT,
      },
    };
  });
}

/** In whole thousandths of the unit; null where the forecast does not reach so far. */
function medianOn({ median, origin }: Told, date: Day): number | null {
  const value = median[daysBetween(origin, date) - 1];
  return value === undefined ? null : Math.round(value * PER_UNIT);
}

/** Null where one side knows nothing of capacity. */
export function splitExhaustion(
  before: Told,
  steps: Readonly<Record<Effect, Told>>,
): ForecastChange['exhaustion'] {
  const after = steps.capacity.exhaustion;
  if (before.exhaustion === undefined || after === undefined) return null;
  let previous: Day | null = before.exhaustion;
  const effects = EFFECTS.map((effect) => {
    const date: Day | null = steps[effect].exhaustion ?? null;
    const days = moved(previous, date);
    previous = date;
    return { effect, date, days };
  });
  return { before: before.exhaustion, after, effects };
}

const NAMES: Readonly<Record<Effect, string>> = {
  data: 'new data',
  model: 'other models',
  events: 'events and labels',
  capacity: 'capacity',
};

/** What matters most first: the date of exhaustion, else demand in 90 days. */
export function changeText(change: {
  readonly unit: string;
  readonly since: Day;
  readonly demand: ForecastChange['demand'];
  readonly exhaustion: ForecastChange['exhaustion'];
}): string {
  const { unit, since, demand, exhaustion } = change;
  const shown = demand.find((_, index) => AHEAD_DAYS[index] === 90) ?? demand[0];
  const moved =
    exhaustion === null || exhaustion.before === exhaustion.after
      ? []
      : [`exhaustion ${exhaustion.before ?? 'later'} -> ${exhaustion.after ?? 'later'}`];
  const parts = shown
    ? EFFECTS.filter((effect) => shown.effects[effect] !== 0).map(
        (effect) => `${NAMES[effect]} ${signed(shown.effects[effect])}`,
      )
    : [];
  const told = shown
    ? [
        `demand on ${shown.date} ${signed(shown.after - shown.before)} ${unit}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`,
      ]
    : [];
  return `since ${since}: ${[...moved, ...told].join('; ') || 'nothing can be compared'}`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`;
}

/** By how many days; 0 where it stays beyond the horizon, null where it comes from there or goes. */
function moved(from: Day | null, to: Day | null): number | null {
  if (from === to) return 0;
  return from === null || to === null ? null : daysBetween(from, to);
}

function daysBetween(from: Day, to: Day): number {
  return (startOfDay(to) - startOfDay(from)) / DAY_US;
}
