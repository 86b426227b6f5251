import { expect, it } from 'vitest';
import { dynamodbBudgetStates } from '../../lib/adapters/dynamodb/budget-states.ts';
import { memoryBudgetStates } from '../../lib/adapters/memory/budget-states.ts';
import type { BudgetStates } from '../../lib/ports/budgets.ts';
import { onEachStore } from './on-each-store.ts';

onEachStore<BudgetStates>(
  'thresholds of budgets',
  { memory: memoryBudgetStates, dynamodb: dynamodbBudgetStates },
  (states) => {
    const at = (minute: number) => `2026-10-20T10:0${minute}:00.000Z`;
    const key = (period: string, team = 'a#b') =>
      ({ period, team, kind: 'actual', percent: '80' }) as const;

    it('keep when they were first reached, and when they were first told', async () => {
      const unsent = { ...key('2026-01'), reachedAt: at(1), sentAt: null };
      expect(await states().reach(key('2026-01'), at(1))).toEqual(unsent);
      expect(await states().reach(key('2026-01'), at(2))).toEqual(unsent);
      await states().sent(key('2026-01'), at(3));
      await states().sent(key('2026-01'), at(4));
      expect(await states().reach(key('2026-01'), at(5))).toEqual({ ...unsent, sentAt: at(3) });
      expect(await states().list('2026-01')).toEqual([{ ...unsent, sentAt: at(3) }]);
    });

    it('are the first of one of ten that reach them at once', async () => {
      const times = Array.from({ length: 10 }, (_, minute) => at(minute));
      const reached = await Promise.all(times.map((time) => states().reach(key('2026-02'), time)));
      expect(new Set(reached.map(({ reachedAt }) => reachedAt)).size).toBe(1);
    });

    it('stand apart by month, team, kind and percent', async () => {
      await states().reach(key('2026-03'), at(1));
      await states().reach(key('2026-03', 'b'), at(1));
      await states().reach({ ...key('2026-03'), kind: 'projected' }, at(1));
      await states().reach({ ...key('2026-03'), kind: 'projected-p90' }, at(1));
      await states().reach({ ...key('2026-03'), percent: '100' }, at(1));
      await states().reach(key('2026-04'), at(1));
      expect(await states().list('2026-03')).toHaveLength(5);
    });

    it('that nobody reached are not told', async () => {
      await states()
        .sent(key('2026-05'), at(1))
        .catch(() => undefined);
      expect(await states().list('2026-05')).toEqual([]);
    });
  },
);
