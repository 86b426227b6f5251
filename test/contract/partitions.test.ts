import { expect, it } from 'vitest';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { memoryPartitions } from '../../lib/adapters/memory/partitions.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { PartitionKey } from '../../lib/ports/partitions.ts';
import { onEachStore } from './on-each-store.ts';

const START = Date.parse('2026-10-05T12:00:00Z');
const after = (seconds: number) => new Date(START + seconds * 1_000);
const dayOf = (region: string, date = '2026-10-05', shard = 0): PartitionKey => ({
  region: parseRegion(region),
  date,
  shard,
});

onEachStore(
  'partitions',
  { memory: memoryPartitions, dynamodb: dynamodbPartitions },
  (partitions) => {
    const dueOf = async (region: string, now: Date) =>
      (await partitions().listDue({ now, limit: 1_000 })).filter((key) => key.region === region);

    it('gives each of twenty touches at once a generation of its own', async () => {
      const key = dayOf('touched');
      const generations = await Promise.all(
        Array.from({ length: 20 }, () =>
          partitions().touch(key, { now: after(0), delaySeconds: 5 }),
        ),
      );
      expect(generations.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      expect(await partitions().get(key)).toEqual({ ...key, generation: 20, metered: 0 });
    });

    it('makes a touched day due after its delay, and not before', async () => {
      const key = dayOf('delayed');
      await partitions().touch(key, { now: after(0), delaySeconds: 5 });
      expect(await dueOf('delayed', after(4.999))).toEqual([]);
      expect(await dueOf('delayed', after(5))).toEqual([key]);
    });

    it('puts a day off while touches follow, but not for ever', async () => {
      const key = dayOf('busy');
      for (const second of [0, 3, 6, 9]) {
        await partitions().touch(key, { now: after(second), delaySeconds: 5 });
      }
      expect(await dueOf('busy', after(9.9))).toEqual([]);
      expect(await dueOf('busy', after(10))).toEqual([key]);
    });

    it('lets a touch in no hurry put an urgent day off by no more than the urgent delay', async () => {
      const key = dayOf('neighbour');
      await partitions().touch(key, { now: after(0), delaySeconds: 5 });
      await partitions().touch(key, { now: after(0), delaySeconds: 60 });
      expect(await dueOf('neighbour', after(10))).toEqual([key]);
    });

    it('gives the same due time in whatever order touches come', async () => {
      const touches = [
        { now: after(0), delaySeconds: 60 },
        { now: after(1), delaySeconds: 5 },
        { now: after(2), delaySeconds: 300 },
      ];
      const [forth, back] = [dayOf('forth'), dayOf('back')];
      for (const touch of touches) await partitions().touch(forth, touch);
      for (const touch of touches.toReversed()) await partitions().touch(back, touch);
      for (const second of [10.9, 11]) {
        const [a, b] = [await dueOf('forth', after(second)), await dueOf('back', after(second))];
        expect(a.length).toBe(second === 11 ? 1 : 0);
        expect(b.length).toBe(a.length);
      }
    });

    it('lists the longest due first, up to the limit', async () => {
      const store = partitions();
      const early = Date.parse('2020-01-01T00:00:00Z');
      for (const [index, date] of ['2026-10-03', '2026-10-01', '2026-10-02'].entries()) {
        await store.touch(dayOf('ordered', date), {
          now: new Date(early + index * 1_000),
          delaySeconds: 0,
        });
      }
      const due = await store.listDue({ now: new Date(early + 10_000), limit: 2 });
      expect(due.map(({ date }) => date)).toEqual(['2026-10-03', '2026-10-01']);
      expect(await store.nextDueAt()).toEqual(new Date(early));
      for (const date of ['2026-10-03', '2026-10-01', '2026-10-02']) {
        const lease = await store.lease(dayOf('ordered', date), { now: after(0), seconds: 60 });
        if (lease !== null) await store.complete(lease);
      }
    });

    it('gives the lease to one of twenty', async () => {
      const key = dayOf('leased');
      await partitions().touch(key, { now: after(0), delaySeconds: 0 });
      const leases = await Promise.all(
        Array.from({ length: 20 }, () => partitions().lease(key, { now: after(1), seconds: 60 })),
      );
      expect(leases.filter((lease) => lease !== null)).toMatchObject([{ key, generation: 1 }]);
    });

    it('gives no lease of a day that nothing touched', async () => {
      expect(await partitions().lease(dayOf('unknown'), { now: after(0), seconds: 60 })).toBeNull();
    });

    it('does not list a leased day until its lease ends', async () => {
      const key = dayOf('hidden');
      await partitions().touch(key, { now: after(0), delaySeconds: 0 });
      const lease = await partitions().lease(key, { now: after(1), seconds: 60 });
      await partitions().touch(key, { now: after(2), delaySeconds: 0 });
      expect(await dueOf('hidden', after(60))).toEqual([]);
      expect(await dueOf('hidden', after(61))).toEqual([key]);
      const next = await partitions().lease(key, { now: after(61), seconds: 60 });
      expect(next).toMatchObject({ generation: 2 });
      expect(lease?.token).not.toBe(next?.token);
      expect(lease && (await partitions().complete(lease))).toBe(false);
    });

    it('keeps a day for who extends the lease, and for nobody once it has ended', async () => {
      const key = dayOf('extended');
      await partitions().touch(key, { now: after(0), delaySeconds: 0 });
      const lease = await partitions().lease(key, { now: after(1), seconds: 60 });
      expect(lease && (await partitions().extend(lease, { now: after(50), seconds: 60 }))).toBe(
        true,
      );
      expect(await partitions().lease(key, { now: after(100), seconds: 60 })).toBeNull();
      expect(await dueOf('extended', after(100))).toEqual([]);
      expect(await dueOf('extended', after(110))).toEqual([key]);
      expect(lease && (await partitions().extend(lease, { now: after(111), seconds: 60 }))).toBe(
        false,
      );
      const next = await partitions().lease(key, { now: after(112), seconds: 60 });
      expect(next).not.toBeNull();
      expect(lease && (await partitions().extend(lease, { now: after(113), seconds: 60 }))).toBe(
        false,
      );
    });

    it('lists a released day at its own time again', async () => {
      const key = dayOf('released');
      await partitions().touch(key, { now: after(0), delaySeconds: 0 });
      const lease = await partitions().lease(key, { now: after(1), seconds: 600 });
      if (lease) await partitions().release(lease);
      expect(await dueOf('released', after(2))).toEqual([key]);
      expect(await partitions().lease(key, { now: after(3), seconds: 60 })).not.toBeNull();
    });

    it('records what was metered, once, and the day is no longer due', async () => {
      const key = dayOf('metered');
      await partitions().touch(key, { now: after(0), delaySeconds: 0 });
      const lease = await partitions().lease(key, { now: after(1), seconds: 60 });
      expect(lease && (await partitions().complete(lease))).toBe(true);
      expect(await partitions().get(key)).toEqual({ ...key, generation: 1, metered: 1 });
      expect(await dueOf('metered', after(10_000))).toEqual([]);
      await partitions().touch(key, { now: after(20), delaySeconds: 5 });
      expect(await dueOf('metered', after(24))).toEqual([]);
      expect(await dueOf('metered', after(25))).toEqual([key]);
    });

    it('keeps a day due that was touched while it was metered', async () => {
      const key = dayOf('overtaken');
      await partitions().touch(key, { now: after(0), delaySeconds: 0 });
      const lease = await partitions().lease(key, { now: after(1), seconds: 60 });
      await partitions().touch(key, { now: after(2), delaySeconds: 5 });
      expect(lease && (await partitions().complete(lease))).toBe(false);
      expect(await partitions().get(key)).toEqual({ ...key, generation: 2, metered: 0 });
      expect(await dueOf('overtaken', after(7))).toEqual([key]);
      expect(await partitions().lease(key, { now: after(8), seconds: 60 })).not.toBeNull();
    });

    it('makes a day that was lost due again, at the generation that it had, and leaves what stands', async () => {
      const key = dayOf('restored');
      for (const generation of [3, 5, 4]) {
        await partitions().restore(key, { generation, now: after(0) });
      }
      expect(await partitions().get(key)).toEqual({ ...key, generation: 5, metered: 0 });
      expect(await dueOf('restored', after(0))).toEqual([key]);
      const lease = await partitions().lease(key, { now: after(1), seconds: 60 });
      expect(lease && (await partitions().complete(lease))).toBe(true);
      await partitions().restore(key, { generation: 5, now: after(2) });
      expect(await partitions().get(key)).toEqual({ ...key, generation: 5, metered: 5 });
      expect(await dueOf('restored', after(3))).toEqual([]);
      await partitions().restore(key, { generation: 6, now: after(4) });
      expect(await partitions().get(key)).toEqual({ ...key, generation: 6, metered: 5 });
      expect(await dueOf('restored', after(4))).toEqual([key]);
    });

    it('does not show a leased day as due because it is restored', async () => {
      const key = dayOf('restored-leased');
      await partitions().touch(key, { now: after(0), delaySeconds: 0 });
      const lease = await partitions().lease(key, { now: after(1), seconds: 60 });
      await partitions().restore(key, { generation: 9, now: after(2) });
      expect(await dueOf('restored-leased', after(3))).toEqual([]);
      expect(lease && (await partitions().complete(lease))).toBe(false);
      expect(await dueOf('restored-leased', after(4))).toEqual([key]);
    });

    it('lists the days of a region, the end excluded, by date and shard', async () => {
      for (const [date, shard] of [
        ['2026-10-31', 10],
        ['2026-10-31', 2],
        ['2026-11-01', 0],
        ['2026-09-30', 0],
        ['2026-10-01', 0],
      ] as const) {
        await partitions().touch(dayOf('month', date, shard), { now: after(0), delaySeconds: 0 });
      }
      const listed = await partitions().list(parseRegion('month'), '2026-10-01', '2026-11-01');
      expect(listed.map(({ date, shard }) => [date, shard])).toEqual([
        ['2026-10-01', 0],
        ['2026-10-31', 2],
        ['2026-10-31', 10],
      ]);
    });
  },
);
