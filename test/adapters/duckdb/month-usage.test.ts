import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbMonthUsage } from '../../../lib/adapters/duckdb/month-usage.ts';
import { decimal, toText } from '../../../lib/decimal/decimal.ts';
import { formatInstant, HOUR_US } from '../../../lib/period/instant.ts';
import { UsageMonth } from '../../../lib/rating/usage-month.ts';
import type { UsageRow, UsageSpan } from '../../../lib/rating/usage-row.ts';
import { type StoredUsage, writeUsageFile } from './usage-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-usage-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const row = (change: Partial<StoredUsage>): StoredUsage => ({
  region: 'west',
  project: 'p',
  resource: 'r',
  measure: 'cores',
  class: 'm1.small',
  hour: '2026-10-05T10:00:00Z',
  quantity: '1',
  ...change,
});

async function read(days: readonly (readonly StoredUsage[])[], byResource: readonly string[] = []) {
  const usageFiles = days.map((_, index) => join(folder, `day's ${index}.parquet`));
  for (const [index, rows] of days.entries()) {
    await writeUsageFile(usageFiles[index] ?? '', rows, folder);
  }
  const reader = duckdbMonthUsage({ memoryLimitMib: 256, threads: 2 });
  const request = { usageFiles, byResource: new Set(byResource), scratchFolder: folder };
  return reader.read(request, async ({ through, rows }) => ({
    through: through === null ? null : new Date(through / 1_000).toISOString(),
    rows: (await Array.fromAsync(rows)).flatMap(rowsOf).toSorted(byText),
  }));
}

/** A row an hour, as `headroom usage` prints them. */
function rowsOf(usage: UsageRow | UsageSpan): UsageRow[] {
  if (!('hours' in usage)) return [usage];
  const { hours, quantities, scale, ...key } = usage;
  return hours.map((hour, index) => ({
    ...key,
    hour: formatInstant(hour * HOUR_US),
    quantity: toText(decimal(quantities[index] ?? 0n, scale)),
  }));
}

function byText(a: UsageRow, b: UsageRow): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

describe("a month's usage", () => {
  it('is added up over resources, exactly', async () => {
    const { rows } = await read([
      [
        row({ resource: 'a', quantity: '0.000000000001' }),
        row({ resource: 'b', quantity: '12345678901234567890' }),
        row({ resource: 'c', quantity: '0.1' }),
        row({ resource: 'a', class: 'm1.large', quantity: '2' }),
      ],
    ]);
    expect(rows).toEqual([
      {
        region: 'west',
        project: 'p',
        measure: 'cores',
        class: 'm1.large',
        hour: '2026-10-05T10:00:00Z',
        quantity: '2',
      },
      {
        region: 'west',
        project: 'p',
        measure: 'cores',
        class: 'm1.small',
        hour: '2026-10-05T10:00:00Z',
        quantity: '12345678901234567890.100000000001',
      },
    ]);
  });

  it('names the resource of the measures that are priced by it', async () => {
    const { rows } = await read(
      [
        [
          row({ resource: "o'a", measure: 'instances' }),
          row({ resource: 'b', measure: 'instances' }),
          row({ resource: 'a' }),
          row({ resource: 'b' }),
        ],
      ],
      ['instances'],
    );
    expect(rows.map(({ measure, resource }) => [measure, resource])).toEqual([
      ['cores', undefined],
      ['instances', 'b'],
      ['instances', "o'a"],
    ]);
    expect(rows[0]).not.toHaveProperty('resource');
  });

  it('reaches to the end of the last hour that has any, over all days', async () => {
    const { through, rows } = await read([
      [row({ hour: '2026-10-05T23:00:00Z' })],
      [],
      [row({ hour: '2026-10-04T00:00:00Z' })],
    ]);
    expect(through).toBe('2026-10-06T00:00:00.000Z');
    expect(rows).toHaveLength(2);
  });

  it('is the same whatever the order of files, and adds up an hour that two of them tell', async () => {
    const days = [
      [row({ quantity: '0.000000000001' }), row({ project: 'q' })],
      [row({ quantity: '2' })],
      [row({ hour: '2026-10-06T00:00:00Z', quantity: '12345678901234567890' })],
    ];
    const textOf = async (order: typeof days) => {
      const month = new UsageMonth('2026-10', () => false);
      for (const one of (await read(order)).rows) month.add(one);
      return Array.from({ length: month.hours }, (_, hour) => month.textOf(hour)).join('');
    };
    const text = await textOf(days);
    expect(text).toContain('["west","p","cores","m1.small","","2.000000000001"]');
    expect(await textOf(days.toReversed())).toBe(text);
  });

  it.each([
    { name: 'no days', days: [] },
    { name: 'days without usage', days: [[]] },
  ])('is empty with $name', async ({ days }) => {
    expect(await read(days)).toEqual({ through: null, rows: [] });
  });
});
