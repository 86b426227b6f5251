import { describe, expect, it } from 'vitest';
import { memoryBudgetStates } from '../../lib/adapters/memory/budget-states.ts';
import { memoryEvents } from '../../lib/adapters/memory/events.ts';
import { budgetStatus } from '../../lib/budgets/budget-status.ts';
import { raiseThresholds } from '../../lib/budgets/raise-thresholds.ts';
import { ProblemError } from '../../lib/errors.ts';
import { readTeam } from '../../lib/rating/team.ts';

const team = (budget: object) =>
  readTeam({ id: 'payments', name: 'Payments', contact: 'pay@example.org', projects: [], budget });
const spent = (
  total: string,
  projectedTotal: string | null = null,
  projectedP90: string | null = null,
) => ({ currency: 'EUR', total, projectedTotal, projectedP90 });

describe('the state of a budget', () => {
  it.each([
    { total: '0.00', projected: '0.00', reached: [] },
    { total: '49.99', projected: '99.99', reached: [] },
    { total: '50.00', projected: '99.99', reached: ['actual 50'] },
    { total: '79.99', projected: '100.00', reached: ['actual 50', 'projected 100'] },
    { total: '80.00', projected: '90.00', reached: ['actual 50', 'actual 80'] },
    {
      total: '100.00',
      projected: '100.00',
      reached: ['actual 50', 'actual 80', 'actual 100', 'projected 100'],
    },
  ])('at $total of 100, to come to $projected, has reached $reached', (month) => {
    const status = budgetStatus(
      team({ amount: '100' }),
      spent(month.total, month.projected),
      '2026-10-05',
    );
    expect(
      status?.thresholds
        .filter(({ isReached }) => isReached)
        .map(({ kind, percent }) => `${kind} ${percent}`),
    ).toEqual(month.reached);
  });

  it.each([
    { projected: '70.00', p90: '99.99', reached: [] },
    { projected: '70.00', p90: '100.00', reached: ['projected-p90 100'] },
    { projected: '100.00', p90: '130.00', reached: ['projected 100', 'projected-p90 100'] },
    { projected: '70.00', p90: '150.00', reached: ['projected-p90 100', 'projected-p90 150'] },
  ])(
    'that may come to $p90 in one case of ten, and to $projected, has reached $reached',
    (month) => {
      const status = budgetStatus(
        team({ amount: '100', actual: [], projectedP90: [100, '150'] }),
        spent('10.00', month.projected, month.p90),
        '2026-10-05',
      );
      const reached = status?.thresholds.filter(({ isReached }) => isReached);
      expect(reached?.map(({ kind, percent }) => `${kind} ${percent}`)).toEqual(month.reached);
      expect(status).toMatchObject({ projected: month.projected, projectedP90: month.p90 });
    },
  );

  it('is held against what is projected where an estimate of an earlier version tells no P90', () => {
    const status = budgetStatus(
      team({ amount: '100', projectedP90: [90] }),
      spent('1.00', '95.00'),
      '2026-10-05',
    );
    expect(status).toMatchObject({ projectedP90: '95.00', projectedP90Percent: '95.0' });
    expect(status?.thresholds.at(-1)).toEqual({
      ...{ kind: 'projected-p90', percent: '90', isReached: true },
    });
  });

  it.each([
    [{ projectedP90: '100' }, 'budget/projectedP90', 'must be a list of percentages'],
    [{ projectedP90: [0] }, 'budget/projectedP90/0', 'must be above 0'],
    [{ projectedP90: ['1001'] }, 'budget/projectedP90/0', 'must be at most 1000'],
    [{ projectedP95: [100] }, 'budget', 'projectedP95'],
  ])('with %j is refused at %s', (given, place, says) => {
    const read = () => team({ amount: '100', ...given });
    expect(read).toThrow(ProblemError);
    try {
      read();
    } catch (error) {
      const [fault] = (error as ProblemError).errors;
      expect(fault?.pointer).toContain(place);
      expect(`${fault?.pointer} ${fault?.message}`).toContain(says);
    }
  });

  it('takes what a closed bill comes to for what was projected', () => {
    const status = budgetStatus(team({ amount: '30' }), spent('10.01'), '2026-11-05');
    expect(status).toMatchObject({
      projected: '10.01',
      projectedP90: '10.01',
      actualPercent: '33.4',
      projectedPercent: '33.4',
      projectedP90Percent: '33.4',
    });
  });

  it('is not compared with bills of another currency, and says so', () => {
    const status = budgetStatus(
      team({ amount: '1', currency: 'USD' }),
      spent('10.00'),
      '2026-10-05',
    );
    expect(status?.problem).toMatch(/in USD and the bills are in EUR/);
    expect(status?.thresholds.some(({ isReached }) => isReached)).toBe(false);
  });
});

describe('a threshold', () => {
  function world() {
    const clock = { now: new Date('2026-10-20T10:00:00Z') };
    const events = memoryEvents();
    const ports = { budgets: memoryBudgetStates(), events, now: () => clock.now };
    const watch = (total: string, budget: object = { amount: '100' }, changed = {}) =>
      raiseThresholds(
        { ...ports, ...changed },
        {
          period: '2026-10',
          currency: 'EUR',
          teams: [team(budget)],
          spendings: new Map([['payments', spent(total, '90.00', '110.00')]]),
        },
      );
    return { clock, events, watch };
  }

  it('is told once in a month, with whom it concerns', async () => {
    const { events, watch, clock } = world();
    await watch('51.00');
    clock.now = new Date('2026-10-21T10:00:00Z');
    await watch('52.00');
    await watch('81.00');
    expect(events.raised).toMatchObject([
      {
        id: 'budget/2026-10/actual/50/payments',
        type: 'Budget Threshold Reached',
        detail: {
          team: 'payments',
          name: 'Payments',
          contact: 'pay@example.org',
          kind: 'actual',
          thresholdPercent: '50',
          currency: 'EUR',
          budget: '100',
          amount: '51.00',
          percent: '51.0',
        },
      },
      { id: 'budget/2026-10/actual/80/payments' },
    ]);
  });

  it('of a projection names its quantile, and is told once for each', async () => {
    const { events, watch, clock } = world();
    const budget = { amount: '80', actual: [], projected: [100], projectedP90: [100, 150] };
    await watch('40.00', budget);
    clock.now = new Date('2026-10-21T10:00:00Z');
    await watch('41.00', budget);
    expect(events.raised.map(({ id, detail }) => ({ id, ...(detail as object) }))).toMatchObject([
      {
        id: 'budget/2026-10/projected/100/payments',
        ...{ kind: 'projected', quantile: 'p50', amount: '90.00', percent: '112.5' },
      },
      {
        id: 'budget/2026-10/projected-p90/100/payments',
        ...{ kind: 'projected-p90', quantile: 'p90', amount: '110.00', percent: '137.5' },
      },
    ]);
    expect(events.raised).toHaveLength(2);
  });

  it('of a muted budget waits until it is muted no more', async () => {
    const { events, watch, clock } = world();
    const muted = { amount: '100', muted: { until: '2026-10-22', by: 'ann' } };
    await watch('51.00', muted);
    expect(events.raised).toEqual([]);
    clock.now = new Date('2026-10-22T00:00:00Z');
    await watch('51.00', muted);
    expect(events.raised).toHaveLength(1);
  });

  it('whose event was not taken is told by a later estimate, under the same id', async () => {
    const { events, watch, clock } = world();
    const away = { events: { raise: () => Promise.reject(new Error('the bus is away')) } };
    expect((await watch('51.00', undefined, away)).failures).toEqual(['the bus is away']);
    clock.now = new Date('2026-10-20T10:05:00Z');
    expect((await watch('51.00')).raised).toEqual([]);
    clock.now = new Date('2026-10-20T10:20:00Z');
    expect((await watch('51.00')).raised).toHaveLength(1);
    expect(events.raised).toMatchObject([{ id: 'budget/2026-10/actual/50/payments' }]);
  });
});
