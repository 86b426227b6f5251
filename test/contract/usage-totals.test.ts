import { expect, it } from 'vitest';
import { dynamodbUsageTotals } from '../../lib/adapters/dynamodb/usage-totals.ts';
import { memoryUsageTotals } from '../../lib/adapters/memory/usage-totals.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { PartitionKey } from '../../lib/ports/partitions.ts';
import type { ProjectDay, RegionDay } from '../../lib/ports/usage-totals.ts';
import { onEachStore } from './on-each-store.ts';

const hours = (value: string) => Array.from({ length: 24 }, () => value);

function regionDay(key: PartitionKey, generation: number): RegionDay {
  return { ...key, generation, cores: hours('12.5'), ramGib: hours('0.000000000001') };
}

function projectDay(key: PartitionKey, generation: number, project: string): ProjectDay {
  return {
    ...regionDay(key, generation),
    project,
    quantities: [{ measure: 'cores', class: 'm1.small', quantity: `${generation}.000000000001` }],
  };
}

onEachStore(
  'usage totals',
  { memory: memoryUsageTotals, dynamodb: dynamodbUsageTotals },
  (totals) => {
    const replace = (key: PartitionKey, generation: number, projects: readonly string[]) =>
      totals().replace(
        key,
        generation,
        projects.map((project) => projectDay(key, generation, project)),
        regionDay(key, generation),
      );
    const projectsOf = async (region: string) =>
      (await totals().listProjectDays(parseRegion(region), '2026-10-01', '2026-11-01')).map(
        ({ date, project, shard, generation }) => [date, project, shard, generation],
      );
    const partition = (region: string, date = '2026-10-05', shard = 0): PartitionKey => ({
      region: parseRegion(region),
      date,
      shard,
    });

    it('gives totals back exactly', async () => {
      const key = partition('exact');
      await replace(key, 1, ['p']);
      expect(await totals().listProjectDays(key.region, '2026-10-05', '2026-10-06')).toEqual([
        projectDay(key, 1, 'p'),
      ]);
      expect(await totals().listRegionDays(key.region, '2026-10-05', '2026-10-06')).toEqual([
        regionDay(key, 1),
      ]);
    });

    it('keeps how whole the day is, where metering told it', async () => {
      const key = partition('whole');
      const counts = Array.from({ length: 24 }, (_, hour) => hour);
      const completeness = {
        ...{ expected: 3, seen: 2, missing: 1, expectedByHour: counts, coveredByHour: counts },
        ...{ readings: 48, readHours: 24, sources: ['openstack'] },
      };
      await totals().replace(key, 1, [], { ...regionDay(key, 1), completeness });
      const [stored] = await totals().listRegionDays(key.region, '2026-10-05', '2026-10-06');
      expect(stored?.completeness).toEqual(completeness);
    });

    it('removes projects that a later metering no longer finds', async () => {
      const key = partition('shrinking');
      await replace(key, 1, ['gone', 'stays', 'a#b/c']);
      await replace(key, 2, ['stays', 'new']);
      expect(await projectsOf('shrinking')).toEqual([
        ['2026-10-05', 'new', 0, 2],
        ['2026-10-05', 'stays', 0, 2],
      ]);
    });

    it('removes projects of an earlier run at the same generation', async () => {
      const key = partition('again');
      await replace(key, 4, ['old', 'kept']);
      await replace(key, 4, ['kept']);
      expect(await projectsOf('again')).toEqual([['2026-10-05', 'kept', 0, 4]]);
    });

    it('never lets an older generation replace a newer', async () => {
      const key = partition('stale');
      await replace(key, 7, ['newer']);
      await replace(key, 6, ['older']);
      expect(await projectsOf('stale')).toEqual([['2026-10-05', 'newer', 0, 7]]);
      const [day] = await totals().listRegionDays(key.region, '2026-10-05', '2026-10-06');
      expect(day?.generation).toBe(7);
    });

    it('ends at the newest of ten generations written at once', async () => {
      const key = partition('raced');
      await Promise.all(
        Array.from({ length: 10 }, (_, index) => replace(key, index + 1, [`p${index + 1}`, 'q'])),
      );
      expect(await projectsOf('raced')).toEqual([
        ['2026-10-05', 'p10', 0, 10],
        ['2026-10-05', 'q', 0, 10],
      ]);
    });

    it('shows readers one generation or the next, never a mixture', async () => {
      const key = partition('read');
      const names = Array.from(
        { length: 60 },
        (_, index) => `p${index.toString().padStart(2, '0')}`,
      );
      await replace(key, 1, names);
      let writing = true;
      const writer = (async () => {
        for (let generation = 2; generation <= 6; generation += 1)
          await replace(key, generation, names);
        writing = false;
      })();
      let reads = 0;
      while (writing) {
        const days = await totals().listProjectDays(key.region, '2026-10-05', '2026-10-06');
        expect(days.length).toBe(60);
        expect(new Set(days.map(({ generation }) => generation)).size).toBe(1);
        reads += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writer;
      expect(reads).toBeGreaterThan(0);
    });

    it('keeps shards apart, and lists by date, project and shard', async () => {
      await replace(partition('sharded', '2026-10-05', 1), 1, ['p', 'q']);
      await replace(partition('sharded', '2026-10-05', 0), 3, ['p']);
      await replace(partition('sharded', '2026-10-04', 0), 1, ['é', 'z', 'Z']);
      await replace(partition('sharded', '2026-11-01', 0), 1, ['next month']);
      expect(await projectsOf('sharded')).toEqual([
        ['2026-10-04', 'Z', 0, 1],
        ['2026-10-04', 'z', 0, 1],
        ['2026-10-04', 'é', 0, 1],
        ['2026-10-05', 'p', 0, 3],
        ['2026-10-05', 'p', 1, 1],
        ['2026-10-05', 'q', 1, 1],
      ]);
    });

    it('reads a month of many projects over many pages', async () => {
      const names = Array.from({ length: 300 }, (_, index) => `project-${index}`);
      for (const day of ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04']) {
        await replace(partition('large', day), 1, names);
      }
      expect((await projectsOf('large')).length).toBe(1_200);
    });
  },
);
