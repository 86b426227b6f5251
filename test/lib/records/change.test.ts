import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRegion } from '../../../lib/identifiers.ts';
import { addDays, type Day } from '../../../lib/period/calendar.ts';
import { regionForecast } from '../../../lib/planning/region-forecast.ts';
import type { RegionForecastInputs } from '../../../lib/planning/region-inputs.ts';
import { explainChange } from '../../../lib/records/explain-change.ts';
import type { ForecastChange } from '../../../lib/records/forecast-change.ts';
import type { KeptForecast } from '../../../lib/records/kept-forecast.ts';
import { keptForecastOf } from '../../../lib/records/kept-forecast-of.ts';
import { planOf } from '../../../lib/records/kept-plan.ts';
import { splitDemand, splitExhaustion } from '../../../lib/records/split-change.ts';
import { event, lastWeekAgain, regionUntil, steadyWeeks } from './planned-region.ts';

const THEN = '2026-11-13';
const NOW = '2026-11-20';

async function keptOf(inputs: RegionForecastInputs, madeOn: Day): Promise<KeptForecast> {
  const made = regionForecast(inputs, { forecast: lastWeekAgain });
  if (made.cores.status !== 'forecast') throw new Error('there is enough data');
  return await keptForecastOf({
    region: parseRegion('west'),
    answer: made.cores,
    madeOn,
    createdAt: `${madeOn}T02:00:00Z`,
    codeVersion: 'test',
    seed: 1,
    usable: null,
    plan: planOf(inputs),
  });
}

function changeTo(kept: KeptForecast, inputs: RegionForecastInputs): ForecastChange {
  const made = regionForecast(inputs, { forecast: lastWeekAgain });
  const change = explainChange(kept, {
    inputs,
    made,
    madeOn: addDays(NOW, 1),
    forecast: lastWeekAgain,
  });
  if (change === null) throw new Error('both are forecasts');
  return change;
}

/** Which effects moved demand on the last date by more than chance does, and which the exhaustion. */
function movers({ demand, exhaustion }: ForecastChange) {
  const effects = Object.entries(demand.at(-1)?.effects ?? {});
  return {
    demand: effects.filter(([, value]) => Math.abs(value) > 2).map(([name]) => name),
    exhaustion: exhaustion?.effects.filter(({ days }) => days !== 0).map(({ effect }) => effect),
  };
}

/** The same weeks, seen a week later: nothing but time has passed. */
const before = regionUntil(THEN, steadyWeeks(500, 91));
const weekLater = regionUntil(NOW, [...steadyWeeks(500, 91), ...steadyWeeks(500, 91).slice(-7)]);

describe('why a forecast changed', () => {
  it('is nothing when only a week of the same has passed', async () => {
    const change = changeTo(await keptOf(before, addDays(THEN, 1)), weekLater);
    expect(movers(change)).toEqual({ demand: [], exhaustion: [] });
    expect(change.before).toEqual({ madeOn: '2026-11-14', origin: THEN });
    expect(change.after).toEqual({ madeOn: '2026-11-21', origin: NOW });
  });

  it('is the data when demand rose', async () => {
    const grown = regionUntil(NOW, [...steadyWeeks(500, 91), ...steadyWeeks(540, 7)]);
    const change = changeTo(await keptOf(before, addDays(THEN, 1)), grown);
    expect(movers(change).demand).toEqual(['data']);
    expect(change.demand[0]?.effects.data).toBeGreaterThan(30);
    expect(change.text).toMatch(
      /^since 2026-11-14: .*demand on 2027-02-18 \+\d.* cores \(new data/,
    );
  });

  it('is an event that was planned meanwhile', async () => {
    const launch = event({ date: '2027-01-10', size: { cores: 600 } });
    const change = changeTo(await keptOf(before, addDays(THEN, 1)), {
      ...weekLater,
      events: [launch],
    });
    expect(movers(change)).toEqual({ demand: ['events'], exhaustion: ['events'] });
    const added = change.demand.map(({ effects }) => `${Math.round(effects.events)}`);
    expect(added).toEqual(['0', '600', '600']);
    expect(change.exhaustion).toMatchObject({ before: null, after: '2027-01-10' });
  });

  it('is capacity when hosts went, which no demand follows', async () => {
    const launch = event({ date: '2027-01-10', size: { cores: 300 } });
    const planned = { ...before, events: [launch] };
    const smaller = {
      ...weekLater,
      events: [launch],
      capacity: {
        ...weekLater.capacity,
        cores: { usable: [{ from: '2020-01-01', usable: 700 }], hostSize: 100 },
      },
    };
    const change = changeTo(await keptOf(planned, addDays(THEN, 1)), smaller);
    expect(movers(change)).toEqual({ demand: [], exhaustion: ['capacity'] });
  });

  it('is the models when others forecast', async () => {
    const kept = await keptOf(before, addDays(THEN, 1));
    const model = { name: 'ar', members: [{ name: 'ar', weight: 1 }] };
    const change = changeTo({ ...kept, inputs: { ...kept.inputs, model } }, weekLater);
    expect(change.modelsKnown).toBe(true);
    for (const { effects } of change.demand) {
      expect(effects.model).not.toBe(0);
      expect(effects.data + effects.model).toBeCloseTo(0, 6);
    }
  });

  it('counts models that are not in use any more as data, and says so', async () => {
    const kept = await keptOf(before, addDays(THEN, 1));
    const model = { name: 'oracle', members: [{ name: 'oracle', weight: 1 }] };
    const change = changeTo({ ...kept, inputs: { ...kept.inputs, model } }, weekLater);
    expect(change.modelsKnown).toBe(false);
    expect(movers(change).demand).not.toContain('model');
  });

  it('is not told of a record of another shape', async () => {
    const kept = await keptOf(before, addDays(THEN, 1));
    const made = regionForecast(weekLater, { forecast: lastWeekAgain });
    const now = { inputs: weekLater, made, madeOn: NOW, forecast: lastWeekAgain };
    const old = { ...kept, inputs: { ...kept.inputs, plan: { hosts: 4 } } };
    expect(explainChange(old, now)).toBeNull();
  });
});

describe('effects', () => {
  const amount = fc.double({ min: 0, max: 1e11, noNaN: true });
  const told = fc.record({
    median: fc.array(amount, { minLength: 187, maxLength: 187 }),
    exhaustion: fc.option(fc.integer({ min: 0, max: 900 }).map((day) => addDays(NOW, day))),
  });
  const walk = fc.tuple(told, told, told, told, told).map(([first, ...rest]) => {
    const at = (origin: Day) => (one: typeof first) => ({ ...one, origin });
    const [data, model, events, capacity] = rest.map(at(NOW));
    if (!data || !model || !events || !capacity) throw new Error('there are four');
    return { before: at(THEN)(first), steps: { data, model, events, capacity } };
  });
  /** In whole thousandths: what is told is exact in them. */
  const thousandths = (value: number): bigint => BigInt(Math.round(value * 1_000));

  it('add up to the difference, exactly, whatever was replaced', () =>
    fc.assert(
      fc.property(walk, ({ before: first, steps }) => {
        const split = splitDemand(first, steps);
        expect(split).toHaveLength(3);
        for (const { before: then, after, effects } of split) {
          const sum = Object.values(effects).reduce((total, one) => total + thousandths(one), 0n);
          expect(sum).toBe(thousandths(after) - thousandths(then));
        }
      }),
      { numRuns: 200 },
    ));

  it('of dates add up to the days between them where all dates are known', () =>
    fc.assert(
      fc.property(walk, ({ before: first, steps }) => {
        const split = splitExhaustion(first, steps);
        const days = split?.effects.map((one) => one.days) ?? [];
        if (split === null || days.includes(null)) return;
        const between =
          (Date.parse(split.after ?? '') - Date.parse(split.before ?? '')) / 86_400_000;
        expect(days.reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(between);
      }),
      { numRuns: 200 },
    ));
});
