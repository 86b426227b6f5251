import { expect, it } from 'vitest';
import { dynamodbRatedDays } from '../../lib/adapters/dynamodb/rated-days.ts';
import { memoryRatedDays } from '../../lib/adapters/memory/rated-days.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { RatedSum } from '../../lib/ports/rated-history.ts';
import { onEachStore } from './on-each-store.ts';

const west = parseRegion('west');

function sum(project: string, changes: Partial<RatedSum> = {}): RatedSum {
  return {
    project,
    type: 'volume.size',
    unit: 'GiB',
    source: 'dataframes',
    groupedBy: [],
    windowSeconds: null,
    quantity: '2590.421676635742',
    price: '-0.00000000000000000001',
    rows: 744,
    ...changes,
  };
}

onEachStore(
  'days of rated history',
  { memory: memoryRatedDays, dynamodb: dynamodbRatedDays },
  (days) => {
    it('puts sums in the place of the version that they were made from, and of no other', async () => {
      const day = { region: west, date: '2026-09-01' };
      expect(await days().version(west, day.date)).toBe(0);
      expect(await days().replace({ ...day, sums: [sum('a')] }, 0)).toBe(true);
      expect(await days().replace({ ...day, sums: [sum('late')] }, 0)).toBe(false);
      expect(await days().version(west, day.date)).toBe(1);
      expect(await days().replace({ ...day, sums: [sum('a'), sum('b')] }, 1)).toBe(true);
      expect(await days().list(west, '2026-09-01', '2026-09-02')).toEqual([
        { ...day, version: 2, sums: [sum('a'), sum('b')] },
      ]);
    });

    it('lists days in order, the end excluded, and none that has no sums', async () => {
      const region = parseRegion('east');
      for (const date of ['2026-10-03', '2026-10-01', '2026-10-02', '2026-10-04']) {
        const sums = date === '2026-10-02' ? [] : [sum(date)];
        await days().replace({ region, date, sums }, 0);
      }
      const listed = await days().list(region, '2026-10-01', '2026-10-04');
      expect(listed.map(({ date }) => date)).toEqual(['2026-10-01', '2026-10-03']);
      expect(await days().list(parseRegion('north'), '2026-10-01', '2026-10-04')).toEqual([]);
    });

    it('keeps the sums of ten thousand projects', async () => {
      const region = parseRegion('large');
      const sums = Array.from({ length: 10_000 }, (_, index) =>
        sum(`project-${(index * 7919) % 10_007}-${index.toString(36)}`, {
          quantity: String(index / 7),
          source: index % 2 === 0 ? 'summary' : 'dataframes',
          groupedBy: ['project_id', 'type'],
          windowSeconds: 3_600,
        }),
      );
      await days().replace({ region, date: '2026-09-01', sums }, 0);
      expect((await days().list(region, '2026-09-01', '2026-09-02'))[0]?.sums).toEqual(sums);
    });

    it('lets one of eight win who all saw the same version', async () => {
      const region = parseRegion('race');
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          days().replace({ region, date: '2026-09-01', sums: [sum(`p${index}`)] }, 0),
        ),
      );
      expect(outcomes.filter((stands) => stands)).toHaveLength(1);
      const winner = outcomes.indexOf(true);
      expect((await days().list(region, '2026-09-01', '2026-09-02'))[0]?.sums).toEqual([
        sum(`p${winner}`),
      ]);
    });
  },
);
