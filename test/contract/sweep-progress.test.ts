import { expect, it } from 'vitest';
import { dynamodbSweepProgress } from '../../lib/adapters/dynamodb/sweep-progress.ts';
import { memorySweepProgress } from '../../lib/adapters/memory/sweep-progress.ts';
import type { SweepProgressStore } from '../../lib/ports/sweep-progress.ts';
import { onEachStore } from './on-each-store.ts';

onEachStore<SweepProgressStore>(
  'progress of the sweep',
  { memory: memorySweepProgress, dynamodb: dynamodbSweepProgress },
  (progress) => {
    it('is none before the first sweep, and then what was put last', async () => {
      expect(await progress().get()).toBeNull();
      const begun = {
        after: 'region=west/2020-01-01/é x',
        roundStartedAt: '2026-11-21T00:30:00.000Z',
        checkFrom: null,
        oldestOpenAt: '2026-11-01T00:30:00.000Z',
      };
      await progress().put(begun);
      expect(await progress().get()).toEqual(begun);
      const next = { after: '', checkFrom: '2026-11-20T23:00:00.000Z', oldestOpenAt: null };
      await progress().put(next);
      expect(await progress().get()).toEqual(next);
    });
  },
);
