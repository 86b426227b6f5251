import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ForecastAnswer, forecastResponse } from '../../../lib/capacity/forecast-answer.ts';
import { forecastSeries } from '../../../lib/forecasting/forecast-series.ts';
import type { Series } from '../../../lib/forecasting/series.ts';
import { addDays } from '../../../lib/period/calendar.ts';
import type { PlannedEvent } from '../../../lib/planning/planned-event.ts';
import { regionExhaustion } from '../../../lib/planning/region-answer.ts';
import { regionForecast } from '../../../lib/planning/region-forecast.ts';
import type { RegionForecastInputs } from '../../../lib/planning/region-inputs.ts';
import { growingInputs, ORIGIN, plannedEvent } from './growing-region.ts';

const certain = (amount: number) => ({ low: amount, mid: amount, high: amount });

const known = new Map<string, ReturnType<typeof forecastSeries>>();

/** The same series is fitted once for all tests. */
function forecastOnce(series: Series, horizonSteps: number) {
  const key = JSON.stringify([series, horizonSteps]);
  const result = known.get(key) ?? forecastSeries(series, horizonSteps);
  known.set(key, result);
  return result;
}

function answersOf(inputs: RegionForecastInputs) {
  const { cores, ram, exhaustion } = regionForecast(inputs, { forecast: forecastOnce });
  return { cores, ram, exhaustion };
}

/** What the events are told to be aside. */
function withoutPlan({ cores, ram, exhaustion }: ReturnType<typeof answersOf>) {
  return { cores: { ...cores, plan: null }, ram: { ...ram, plan: null }, exhaustion };
}

function coresOf(inputs: RegionForecastInputs): ForecastAnswer {
  const { cores } = answersOf(inputs);
  if (cores.status !== 'forecast') throw new Error('no forecast');
  return cores;
}

const base = answersOf(growingInputs());

/** Null is later than any day. */
const day = (days: number | null | undefined): number => days ?? Number.POSITIVE_INFINITY;

describe('the forecast of a region', () => {
  it('has the shapes that the API promises', () => {
    expect(forecastResponse.parse(base.cores)).toEqual(base.cores);
    expect(forecastResponse.parse(base.ram)).toEqual(base.ram);
    expect(regionExhaustion.parse(base.exhaustion)).toEqual(base.exhaustion);
  });

  it('is the same to the last digit for the same inputs, in whatever order events come', () => {
    const events = [plannedEvent(), plannedEvent({ id: 'another', date: '2027-01-05' })];
    const one = answersOf(growingInputs({ events }));
    expect(answersOf(growingInputs({ events: events.toReversed() }))).toEqual(one);
    expect(answersOf(growingInputs({ events }))).toEqual(one);
  });

  it('tells days, dates and "beyond the horizon" as an answer of its own', () => {
    const { exhaustion } = coresOf(growingInputs());
    expect(exhaustion?.p50).toBe(addDays(ORIGIN, exhaustion?.days?.p50 ?? 0));
    const never = coresOf(
      growingInputs({
        capacity: { cores: { usable: [{ from: ORIGIN, usable: 1e6 }], hostSize: 64 }, ram: null },
      }),
    ).exhaustion;
    expect(never).toMatchObject({
      p10: null,
      days: { p10: null, p50: null, p90: null },
      beyondHorizon: 1,
    });
  });

  it('runs out jointly no later than any resource, on the same futures', () => {
    const { exhaustion } = base;
    const joint = exhaustion?.joint.probability ?? [];
    for (const { exhaustion: own } of exhaustion?.resources ?? []) {
      for (const [step, probability] of own.probability.entries()) {
        expect(joint[step]).toBeGreaterThanOrEqual(probability);
      }
    }
    const sum = exhaustion?.resources.reduce((total, { bindingShare }) => total + bindingShare, 0);
    expect(sum).toBeGreaterThanOrEqual(1);
  });

  it('counts cores and RAM that go together once: the joint probability is near the larger one', () => {
    // RAM is four times the cores and its capacity four times theirs: both run out on the same day.
    const capacity = {
      cores: { usable: [{ from: ORIGIN, usable: 650 }], hostSize: 64 },
      ram: { usable: [{ from: ORIGIN, usable: 2_600 }], hostSize: 256 },
    };
    const { exhaustion } = answersOf(growingInputs({ capacity }));
    const [cores, ram] = exhaustion?.resources ?? [];
    const middle = cores?.exhaustion.probability.findIndex((value) => value >= 0.5) ?? 0;
    const at = (values: readonly number[] | undefined) => values?.[middle] ?? 0;
    const [own, other] = [at(cores?.exhaustion.probability), at(ram?.exhaustion.probability)];
    const apart = own + other - own * other;
    const joint = at(exhaustion?.joint.probability);
    expect(joint).toBeLessThan(Math.max(own, other) + 0.5 * (apart - Math.max(own, other)));
  });

  it('names what binds: the resource whose capacity is short', () => {
    const roomy = { usable: [{ from: ORIGIN, usable: 1e6 }], hostSize: 64 };
    const { cores, ram } = growingInputs().capacity;
    const binding = (capacity: RegionForecastInputs['capacity']) =>
      answersOf(growingInputs({ capacity })).exhaustion?.binding;
    expect(binding({ cores, ram: roomy })).toBe('cores');
    expect(binding({ cores: roomy, ram })).toBe('ram');
    expect(binding({ cores: roomy, ram: roomy })).toBeNull();
  });

  it('orders by the lead time before exhaustion, and tells that it is late', () => {
    const within = (leadTimeDays: number) =>
      answersOf(growingInputs({ settings: { leadTimeDays: certain(leadTimeDays) } }));
    const order = (leadTimeDays: number) => within(leadTimeDays).exhaustion?.order;
    const p10 = within(0).exhaustion?.joint.p10 ?? '';
    expect(order(0)?.date).toBe(p10);
    expect(order(10)?.date).toBe(addDays(p10, -10));
    expect(order(400)?.lateIfOrderedNow).toBeGreaterThan(0.9);
    expect(base.exhaustion?.order).toBeNull();
  });

  it('buys for the quantile that the two costs ask for', () => {
    const needs = (refused: number, idle: number) => {
      const settings = { costs: { refused, idle } };
      return coresOf(growingInputs({ settings })).plan?.needs;
    };
    expect(needs(9, 1)?.quantile).toBeCloseTo(0.9, 12);
    const [careful, thrifty] = [needs(9, 1), needs(1, 3)];
    for (const [index, { demand, missing }] of (careful?.by ?? []).entries()) {
      expect(demand).toBeGreaterThan(thrifty?.by[index]?.demand ?? 0);
      expect(missing).toBeGreaterThanOrEqual(thrifty?.by[index]?.missing ?? 0);
    }
  });
});

describe('laws of the forecast of a region', () => {
  const spread = fc
    .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }))
    .map(([low, more]) => ({ low, mid: low + more, high: low + 2 * more }));
  const event: fc.Arbitrary<PlannedEvent> = fc
    .record({
      kind: fc.constantFrom('launch', 'migration', 'drain', 'decommission', 'host_order'),
      ahead: fc.integer({ min: -60, max: 150 }),
      days: fc.integer({ min: 0, max: 60 }),
      shape: fc.constantFrom('step', 'linear', 's'),
      cores: spread,
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ kind, ahead, days, shape, cores, probability }) =>
      plannedEvent({
        id: `${kind}-${ahead}`,
        kind: kind as PlannedEvent['kind'],
        date: addDays(ORIGIN, ahead),
        ramp: { shape: shape as 'step', days },
        size: { cores },
        probability,
      }),
    );

  it('more hosts never bring exhaustion nearer, whatever else is planned', () => {
    fc.assert(
      fc.property(event, spread, fc.integer({ min: 1, max: 150 }), (other, cores, ahead) => {
        const order = plannedEvent({
          id: 'order',
          kind: 'host_order',
          date: addDays(ORIGIN, ahead),
          size: { cores },
        });
        const without = coresOf(growingInputs({ events: [other] })).exhaustion;
        const ordered = coresOf(growingInputs({ events: [other, order] })).exhaustion;
        for (const level of ['p10', 'p50', 'p90'] as const) {
          expect(day(ordered?.days?.[level])).toBeGreaterThanOrEqual(day(without?.days?.[level]));
        }
      }),
      { numRuns: 6 },
    );
  });

  it('quantiles never cross, and lie at or above zero', () => {
    fc.assert(
      fc.property(event, event, (one, two) => {
        const { quantiles } = coresOf(growingInputs({ events: [one, { ...two, id: 'two' }] }));
        const levels = Object.keys(quantiles).sort((a, b) => Number(a) - Number(b));
        for (let index = 1; index < levels.length; index += 1) {
          const [lower = [], upper = []] = [levels[index - 1], levels[index]].map(
            (level) => quantiles[level ?? ''],
          );
          for (const [step, value] of lower.entries()) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(upper[step]).toBeGreaterThanOrEqual(value);
          }
        }
      }),
      { numRuns: 6 },
    );
  });

  it('an event of size zero, or that never comes, changes nothing', () => {
    fc.assert(
      fc.property(event, (planned) => {
        const nothing = { ...planned, size: { cores: certain(0), ramGib: certain(0) } };
        const never = { ...planned, date: addDays(ORIGIN, 10), probability: 0 };
        const without = withoutPlan(answersOf(growingInputs()));
        for (const added of [nothing, never]) {
          expect(withoutPlan(answersOf(growingInputs({ events: [added] })))).toEqual(without);
        }
      }),
      { numRuns: 4 },
    );
  });
});
