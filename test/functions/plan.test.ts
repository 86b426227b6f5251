import { describe, expect, it } from 'vitest';
import { planHandler } from '../../functions/plan/plan.ts';
import { memoryPartitions } from '../../lib/adapters/memory/partitions.ts';
import { parseRegion } from '../../lib/identifiers.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const LATER = new Date('2026-11-21T11:00:00Z');
const FIRST = { months: [], metered: [] };

async function planOf(shards: number, event: unknown = FIRST) {
  const partitions = memoryPartitions();
  for (let shard = 0; shard < shards; shard += 1) {
    const key = { region: parseRegion('west'), date: '2026-11-20', shard };
    await partitions.touch(key, { now: NOW, delaySeconds: 0 });
  }
  return planHandler({ partitions, now: () => LATER })(event);
}

describe('a plan', () => {
  it('is empty when nothing is due', async () => {
    expect(await planOf(0)).toEqual({ partitions: [], months: [] });
  });

  it('holds the first 200 of 201', async () => {
    expect((await planOf(200)).partitions).toHaveLength(200);
    expect((await planOf(201)).partitions).toHaveLength(200);
  });

  it('remembers the months of the rounds before', async () => {
    const metered = [{ metered: true }];
    const event = { months: ['2026-10', '2026-12'], metered };

    expect((await planOf(1, event)).months).toEqual(['2026-10', '2026-11', '2026-12']);
    expect(await planOf(0, event)).toEqual({ partitions: [], months: ['2026-10', '2026-12'] });
  });

  it('is empty after a round of which nothing was metered, so that faults do not go round', async () => {
    const event = { months: ['2026-11'], metered: [{ metered: false }, { metered: false }] };

    expect(await planOf(2, event)).toEqual({ partitions: [], months: ['2026-11'] });
    expect((await planOf(2, { ...event, metered: [{ metered: true }] })).partitions).toHaveLength(
      2,
    );
  });

  it('leaves out what is due later', async () => {
    const partitions = memoryPartitions();
    const key = { region: parseRegion('west'), date: '2026-11-20', shard: 0 };
    await partitions.touch(key, { now: NOW, delaySeconds: 60 });

    expect(await planHandler({ partitions, now: () => NOW })(FIRST)).toEqual({
      partitions: [],
      months: [],
    });
  });
});
