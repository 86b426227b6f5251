import { describe, expect, it } from 'vitest';
import { planHandler } from '../../functions/plan/plan.ts';
import { memoryPartitions } from '../../lib/adapters/memory/partitions.ts';
import { parseRegion } from '../../lib/identifiers.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const LATER = new Date('2026-11-21T11:00:00Z');

async function planOf(shards: number) {
  const partitions = memoryPartitions();
  for (let shard = 0; shard < shards; shard += 1) {
    const key = { region: parseRegion('west'), date: '2026-11-20', shard };
    await partitions.touch(key, { now: NOW, delaySeconds: 0 });
  }
  return planHandler({ partitions, now: () => LATER })();
}

describe('a plan', () => {
  it('is empty when nothing is due', async () => {
    expect(await planOf(0)).toEqual({ partitions: [], more: false });
  });

  it('holds 200 partitions and says that there are no more', async () => {
    const plan = await planOf(200);

    expect(plan.partitions).toHaveLength(200);
    expect(plan.more).toBe(false);
  });

  it('holds the first 200 of 201 and says that there are more', async () => {
    const plan = await planOf(201);

    expect(plan.partitions).toHaveLength(200);
    expect(plan.more).toBe(true);
  });

  it('leaves out what is due later', async () => {
    const partitions = memoryPartitions();
    const key = { region: parseRegion('west'), date: '2026-11-20', shard: 0 };
    await partitions.touch(key, { now: NOW, delaySeconds: 60 });

    expect(await planHandler({ partitions, now: () => NOW })()).toEqual({
      partitions: [],
      more: false,
    });
  });
});
