import { expect, it } from 'vitest';
import { dynamodbSourceStates } from '../../lib/adapters/dynamodb/source-states.ts';
import { memorySourceStates } from '../../lib/adapters/memory/source-states.ts';
import type { SourceLease, SourceState, SourceStates } from '../../lib/ports/sources.ts';
import { onEachStore } from './on-each-store.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 21, 12, 0, second));

function stateOf(id: string, fields: Partial<SourceState> = {}): SourceState {
  return {
    id,
    fingerprint: '{}',
    pulledUntil: '2026-11-21T11:00:00Z',
    schedule: 'rate(1 hour)',
    nextDueAt: null,
    lastSuccessAt: null,
    failures: 0,
    lastRun: {
      id: 'run-1',
      actor: 'schedule',
      startedAt: at(0).toISOString(),
      finishedAt: at(1).toISOString(),
      outcome: 'failed',
      windows: 1,
      requests: 3,
      objectCount: 1,
      newObjectCount: 0,
      objects: [{ key: 'region=west/x', ingestId: 'i', sizeBytes: 7, isNew: false }],
      error: 'é "quoted"',
      warnings: ['one'],
    },
    ...fields,
  };
}

function held(lease: SourceLease | null): SourceLease {
  if (lease === null) throw new Error('the lease was not given');
  return lease;
}

onEachStore<SourceStates>(
  'states of sources',
  { memory: memorySourceStates, dynamodb: dynamodbSourceStates },
  (states) => {
    it('know nothing of a source that was never pulled, nor of one that is only leased', async () => {
      expect(await states().get('unknown')).toBeNull();
      await states().lease('leased', { now: at(0), seconds: 60 });
      expect(await states().get('leased')).toBeNull();
      expect((await states().list()).map(({ id }) => id)).not.toContain('leased');
    });

    it('give back what the holder of the lease has saved, also after it is released', async () => {
      const lease = held(await states().lease('saved', { now: at(0), seconds: 60 }));
      expect(await states().save(lease, stateOf('saved'))).toBe(true);
      expect(await states().get('saved')).toEqual(stateOf('saved'));
      await states().release(lease);
      expect(await states().get('saved')).toEqual(stateOf('saved'));
      expect(await states().save(lease, stateOf('saved', { failures: 5 }))).toBe(false);
      expect(await states().get('saved')).toEqual(stateOf('saved'));
    });

    it('give the lease to one of twenty', async () => {
      const leases = await Promise.all(
        Array.from({ length: 20 }, () => states().lease('raced', { now: at(0), seconds: 60 })),
      );
      expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
    });

    it('give a lease that has ended to the next, and take nothing from the one before', async () => {
      const first = held(await states().lease('ended', { now: at(0), seconds: 10 }));
      expect(await states().lease('ended', { now: at(9), seconds: 10 })).toBeNull();
      const second = held(await states().lease('ended', { now: at(10), seconds: 10 }));
      expect(await states().save(first, stateOf('ended'))).toBe(false);
      expect(await states().extend(first, { now: at(11), seconds: 60 })).toBe(false);
      await states().release(first);
      expect(await states().lease('ended', { now: at(19), seconds: 10 })).toBeNull();
      expect(await states().save(second, stateOf('ended'))).toBe(true);
    });

    it('keep a lease that is extended', async () => {
      const lease = held(await states().lease('kept', { now: at(0), seconds: 10 }));
      expect(await states().extend(lease, { now: at(8), seconds: 10 })).toBe(true);
      expect(await states().lease('kept', { now: at(17), seconds: 10 })).toBeNull();
      expect(await states().lease('kept', { now: at(18), seconds: 10 })).not.toBeNull();
    });

    it('are listed by id', async () => {
      for (const id of ['b', 'a', 'B']) {
        const lease = held(await states().lease(`list-${id}`, { now: at(0), seconds: 10 }));
        await states().save(lease, stateOf(`list-${id}`));
      }
      const ids = (await states().list())
        .map(({ id }) => id)
        .filter((id) => id.startsWith('list-'));
      expect(ids).toEqual(['list-B', 'list-a', 'list-b']);
    });
  },
);
