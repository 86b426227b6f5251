import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../lib/forecasting/random.ts';
import { addDays, type Day } from '../../../lib/period/calendar.ts';
import { eventProgress, withoutEvents } from '../../../lib/planning/event-progress.ts';
import { activeShare } from '../../../lib/planning/event-ramp.ts';
import type { PlannedEvent } from '../../../lib/planning/planned-event.ts';
import { regionForecast } from '../../../lib/planning/region-forecast.ts';
import type { DailyDemand } from '../../../lib/planning/shown-effect.ts';
import { growingInputs, ORIGIN, plannedEvent } from './growing-region.ts';

const certain = (amount: number) => ({ low: amount, mid: amount, high: amount });

/** 150 days up to ORIGIN with a week and noise, to which an event has added what it has so far. */
function demandWith(event: PlannedEvent | null, size: number, perDay = 0): DailyDemand {
  const random = seededRandom(3);
  const start = addDays(ORIGIN, -149);
  const values = Array.from({ length: 150 }, (_, index) => {
    const day = addDays(start, index);
    const added = event === null ? 0 : size * activeShare(event, day);
    return 1_000 + perDay * index + (index % 7 < 5 ? 20 : 0) + 10 * (random() - 0.5) + added;
  });
  return { start, values };
}

describe('the ramp of an event', () => {
  const day = (event: PlannedEvent, after: number, later = 0) =>
    activeShare(event, addDays(event.date, after), later);

  it.each([
    ['step', [0, 1, 1, 1]],
    ['linear', [0, 0.25, 0.5, 1]],
    ['s', [0, 0.15625, 0.5, 1]],
  ] as const)('%s goes from nothing to all', (shape, expected) => {
    const event = plannedEvent({ ramp: { shape, days: 3 } });
    expect([-1, 0, 1, 3].map((after) => day(event, after))).toEqual(expected);
  });

  it('ends at until, and comes as much later as it slips', () => {
    const event = plannedEvent({ date: '2027-01-01', until: '2027-01-05' });
    expect([3, 4].map((after) => day(event, after))).toEqual([1, 0]);
    expect([1, 2, 5, 6].map((after) => day(event, after, 2))).toEqual([0, 1, 1, 0]);
  });
});

describe('how much of an event has come', () => {
  it.each([
    ['a step of 20 days ago', { date: addDays(ORIGIN, -20) }, 'over'],
    [
      'a ramp half-way through',
      { date: addDays(ORIGIN, -20), ramp: { shape: 'linear' as const, days: 40 } },
      'begun',
    ],
    ['a lease that lasts', { date: addDays(ORIGIN, -20), until: addDays(ORIGIN, 40) }, 'begun'],
    ['a pulse that is past', { date: addDays(ORIGIN, -60), until: addDays(ORIGIN, -30) }, 'over'],
  ])('is measured in the demand: %s', (_name, change, state) => {
    const event = plannedEvent({ ...change, size: { cores: certain(200) } });
    const progress = eventProgress(event, { cores: demandWith(event, 150, 0.3) }, ORIGIN);
    expect(progress.state).toBe(state);
    expect(progress.realised.cores).toBeGreaterThan(135);
    expect(progress.realised.cores).toBeLessThan(165);
  });

  it('of one that demand does not show is next to nothing: it is late, and in the end over', () => {
    const late = plannedEvent({ date: addDays(ORIGIN, -10), size: { cores: certain(200) } });
    const demand = { cores: demandWith(null, 0) };
    expect(eventProgress(late, demand, ORIGIN)).toMatchObject({ state: 'late' });
    const long = { ...late, date: addDays(ORIGIN, -45) };
    expect(eventProgress(long, demand, ORIGIN)).toMatchObject({ state: 'over' });
  });

  it('is not looked for before its date, nor in days after the origin', () => {
    const event = plannedEvent({ date: addDays(ORIGIN, -20), size: { cores: certain(200) } });
    const demand = demandWith(event, 150);
    const longer: DailyDemand = { ...demand, values: [...demand.values, 9e9, 9e9] };
    expect(eventProgress(event, { cores: longer }, ORIGIN)).toEqual(
      eventProgress(event, { cores: demand }, ORIGIN),
    );
    const later = plannedEvent({ date: addDays(ORIGIN, 1) });
    expect(eventProgress(later, { cores: demand }, ORIGIN).state).toBe('planned');
  });

  it('brings the history to the level of today: a launch is no growth', () => {
    const event = plannedEvent({
      date: addDays(ORIGIN, -40),
      ramp: { shape: 'linear', days: 30 },
      size: { cores: certain(150) },
    });
    const demand = demandWith(event, 150);
    const progress = [eventProgress(event, { cores: demand }, ORIGIN)];
    const { values } = withoutEvents(demand, 'cores', { progress, origin: ORIGIN });
    const mean = (from: number, to: number) =>
      values.slice(from, to).reduce<number>((sum, value) => sum + (value ?? 0), 0) / (to - from);
    expect(Math.abs(mean(0, 28) - mean(122, 150))).toBeLessThan(12);
  });
});

describe('an event is not counted twice', () => {
  /** A region of which the newest launch has brought what `sizeOn` says of each day. */
  function medianAfter(event: PlannedEvent, planned: boolean, ahead: number): number {
    const base = growingInputs({}, { perDay: 0 });
    const cores = base.demand.cores.map((day) => {
      const added = 150 * activeShare(event, day.date);
      return { ...day, mean: day.mean + added, peak: day.peak + added };
    });
    const made = regionForecast({
      ...base,
      demand: { cores, ram: [] },
      events: planned ? [event] : [],
    }).cores;
    if (made.status !== 'forecast') throw new Error('no forecast');
    return made.quantiles['0.5']?.[ahead - 1] ?? Number.NaN;
  }

  it('once it is through: demand stays where it is', () => {
    const done = plannedEvent({ date: addDays(ORIGIN, -40), size: { cores: certain(150) } });
    expect(medianAfter(done, true, 60)).toBeGreaterThan(640);
    expect(medianAfter(done, true, 60)).toBeLessThan(690);
  });

  it('half-way through its ramp: only the other half is to come', () => {
    const half = plannedEvent({
      date: addDays(ORIGIN, -29),
      ramp: { shape: 'linear', days: 59 },
      size: { cores: certain(150) },
    });
    // 500 with a week of 10, and 150 in the end.
    expect(medianAfter(half, true, 90)).toBeGreaterThan(630);
    expect(medianAfter(half, true, 90)).toBeLessThan(690);
  });

  it('when a lease ends, demand goes back by what it brought', () => {
    const lease = plannedEvent({
      kind: 'reservation',
      date: addDays(ORIGIN, -30),
      until: addDays(ORIGIN, 30),
      size: { cores: certain(150) },
    });
    expect(medianAfter(lease, true, 20)).toBeGreaterThan(640);
    const after = medianAfter(lease, true, 60);
    expect(after).toBeGreaterThan(480);
    expect(after).toBeLessThan(540);
  });
});

describe('days that an event is drawn on', () => {
  const cores = (events: readonly PlannedEvent[]) => {
    const made = regionForecast(growingInputs({ events, horizonDays: 60 })).cores;
    if (made.status !== 'forecast') throw new Error('no forecast');
    return made;
  };
  const without = cores([]);
  const gain = (events: readonly PlannedEvent[], day: Day) => {
    const made = cores(events);
    const step = made.dates.indexOf(day);
    return (made.mean[step] ?? 0) - (without.mean[step] ?? 0);
  };

  it('start with its date, at the size that its probability leaves on average', () => {
    const event = plannedEvent({ probability: 0.5 });
    expect(gain([event], '2026-12-09')).toBe(0);
    expect(gain([event], '2026-12-10')).toBeGreaterThan(44);
    expect(gain([event], '2026-12-10')).toBeLessThan(56);
  });

  it('are those of a lease until it ends, though nobody uses what it holds', () => {
    const lease = plannedEvent({
      kind: 'reservation',
      date: addDays(ORIGIN, -45),
      until: '2026-12-15',
    });
    expect(gain([lease], '2026-12-14')).toBeGreaterThan(90);
    expect(gain([lease], '2026-12-14')).toBeLessThanOrEqual(100.001);
    expect(Math.abs(gain([lease], '2026-12-15'))).toBeLessThan(10);
  });

  it('lie later where it slips', () => {
    const event = plannedEvent({ slipDays: certain(5) });
    expect(gain([event], '2026-12-14')).toBe(0);
    expect(gain([event], '2026-12-15')).toBeCloseTo(100, 6);
  });

  it.each([
    ['drain', -100],
    ['decommission', -100],
    ['reclamation', -100],
    ['launch', 100],
    ['migration', 100],
  ] as const)('%s adds %d', (kind, expected) => {
    expect(gain([plannedEvent({ kind })], '2026-12-20')).toBeCloseTo(expected, 6);
  });

  it('take as many hosts as an order brings from what is missing, and maintenance adds to it', () => {
    const missing = (events: readonly PlannedEvent[]) =>
      cores(events).plan?.needs?.by[0]?.missing ?? Number.NaN;
    const tight = { cores: { usable: [{ from: ORIGIN, usable: 500 }], hostSize: 64 }, ram: null };
    const short = (events: readonly PlannedEvent[]) => {
      const made = regionForecast(
        growingInputs({ events, capacity: tight, horizonDays: 60 }),
      ).cores;
      return (made.status === 'forecast' && made.plan?.needs?.by[1]?.missing) || 0;
    };
    expect(missing([])).toBe(0);
    const hosts = (kind: PlannedEvent['kind'], count: number) =>
      plannedEvent({ kind, date: addDays(ORIGIN, 1), size: { hosts: certain(count) } });
    expect(short([hosts('host_order', 1)])).toBeCloseTo(short([]) - 64, 6);
    expect(short([hosts('maintenance', 2)])).toBeCloseTo(short([]) + 128, 6);
    expect(short([hosts('host_retirement', 1)])).toBeCloseTo(short([]) + 64, 6);
  });
});
