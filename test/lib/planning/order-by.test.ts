import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../lib/forecasting/random.ts';
import {
  daysToExhaustion,
  jointDays,
  probabilityByDay,
} from '../../../lib/planning/exhaustion-days.ts';
import { orderBy } from '../../../lib/planning/order-by.ts';
import { newsvendorQuantile, orderRisk } from '../../../lib/planning/planning-settings.ts';
import { spreadQuantile } from '../../../lib/planning/spread-quantile.ts';

const certain = (amount: number) => ({ low: amount, mid: amount, high: amount });
const path = (...values: number[]) => Float64Array.from(values);

describe('days to exhaustion', () => {
  it('are those of the first day above capacity on each path; Infinity beyond the horizon', () => {
    const demand = [path(1, 5, 9), path(1, 2, 3), path(7, 1, 1)];
    const capacity = demand.map(() => path(4, 4, 4));
    expect([...daysToExhaustion(demand, capacity)]).toEqual([2, Number.POSITIVE_INFINITY, 1]);
    expect(probabilityByDay(daysToExhaustion(demand, capacity), 3)).toEqual([1 / 3, 2 / 3, 2 / 3]);
  });

  it('are held against the capacity of the same path', () => {
    const days = daysToExhaustion([path(5, 5), path(5, 5)], [path(4, 9), path(9, 4)]);
    expect([...days]).toEqual([1, 2]);
  });

  it('of several resources are those of the first to run out, which binds', () => {
    const never = Number.POSITIVE_INFINITY;
    const joint = jointDays([path(5, never, 3, never), path(7, never, 3, 9)]);
    expect([...joint.days]).toEqual([5, never, 3, 9]);
    expect(joint.bindingShare).toEqual([2 / 3, 2 / 3]);
  });
});

describe('the date to order by', () => {
  const days = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  const order = (leadTimeDays: { low: number; mid: number; high: number }, risk = 0.1) =>
    orderBy({ days, leadTimeDays, risk, origin: '2026-11-20', random: seededRandom(1) });

  it('is the quantile of exhaustion at the accepted risk, less a lead time that is certain', () => {
    expect(order(certain(0)).date).toBe('2026-11-30');
    expect(order(certain(30)).date).toBe('2026-10-31');
    expect(order(certain(0), 0.5).date).toBe('2027-01-09');
  });

  it('is earlier for a lead time that is uncertain', () => {
    const sure = order(certain(30)).date ?? '';
    expect((order({ low: 10, mid: 30, high: 90 }).date ?? '') < sure).toBe(true);
  });

  it('tells how likely an order of the next day is late', () => {
    expect(order(certain(0)).lateIfOrderedNow).toBe(0);
    expect(order(certain(50)).lateIfOrderedNow).toBe(0.5);
    expect(order(certain(500)).lateIfOrderedNow).toBe(1);
  });

  it('is none where demand does not come near capacity', () => {
    const far = new Float64Array(100).fill(Number.POSITIVE_INFINITY);
    const leadTimeDays = certain(30);
    const random = seededRandom(1);
    const made = orderBy({ days: far, leadTimeDays, risk: 0.1, origin: '2026-11-20', random });
    expect(made).toEqual({ risk: 0.1, date: null, lateIfOrderedNow: 0 });
  });
});

describe('costs and risk', () => {
  it.each([
    [{}, null, 0.1],
    [{ risk: 0.25 }, null, 0.25],
    [{ costs: { refused: 9, idle: 1 } }, 0.9, 0.1],
    [{ costs: { refused: 3, idle: 1 } }, 0.75, 0.25],
    [{ costs: { refused: 3, idle: 1 }, risk: 0.05 }, 0.75, 0.05],
    [{ costs: { refused: 1, idle: 9 } }, 0.1, 0.5],
    [{ costs: { refused: 1e6, idle: 1 } }, 1e6 / (1e6 + 1), 0.01],
  ])('%j', (settings, quantile, risk) => {
    expect(newsvendorQuantile(settings)).toBe(quantile);
    expect(orderRisk(settings)).toBeCloseTo(risk, 12);
  });
});

describe('an uncertain amount', () => {
  const spread = { low: 60, mid: 100, high: 300 };

  it.each([
    [0.1, 60],
    [0.5, 100],
    [0.9, 300],
  ])('has its %d quantile at %d', (probability, value) => {
    expect(spreadQuantile(spread, probability)).toBeCloseTo(value, 6);
  });

  it('never decreases, is never below zero, and is certain where it is told so', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(probability, probability, (one, two) => {
        const [low, high] = [Math.min(one, two), Math.max(one, two)];
        expect(spreadQuantile(spread, low)).toBeLessThanOrEqual(spreadQuantile(spread, high));
        expect(spreadQuantile({ low: 0, mid: 5, high: 50 }, low)).toBeGreaterThanOrEqual(0);
        expect(spreadQuantile(certain(7), low)).toBe(7);
      }),
    );
  });
});
