import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { daysOf, type LakeSample, readExport } from './lake-sample.ts';
import { meterSamples, type UsageRow } from './metered-days.ts';

const CASES = new URL('../../cases/metering/', import.meta.url);
const REAL_EXPORT = new URL(
  '../../../../shared/data/formats/ceilometer/distil-all-OldSample.jsonl',
  import.meta.url,
);
const TOLERANCE = 1e-9;

function expectedUsage(name: string): UsageRow[] {
  return readFileSync(new URL(`${name}/expected-usage.jsonl`, CASES), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Key of a row to its quantity. */
function byKey(rows: readonly UsageRow[]): Map<string, number> {
  return new Map(
    rows.map((row) => [
      [row.project, row.resource, row.measure, row.class, row.hour].join('|'),
      Number(row.quantity),
    ]),
  );
}

/** What is missing, too much, or off by more than 1e-9: empty when both are the same usage. */
function differences(actual: readonly UsageRow[], expected: readonly UsageRow[]): string[] {
  const [have, want] = [byKey(actual), byKey(expected)];
  const keys = new Set([...have.keys(), ...want.keys()]);
  return [...keys].flatMap((key) => {
    const [x, y] = [have.get(key) ?? 0, want.get(key) ?? 0];
    return Math.abs(x - y) <= TOLERANCE ? [] : [`${key}: ${x} instead of ${y}`];
  });
}

function readMessy(file: string): LakeSample[] {
  const bytes = readFileSync(new URL(`messy/${file}`, CASES));
  return readExport(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, file);
}

describe('a messy export', () => {
  const files = ['a.jsonl', 'b.jsonl.gz', 'c.json', 'd.json', 'e.jsonl'];
  const parts = files.map(readMessy);
  const days = daysOf(parts.flat());

  it('gives the expected usage, day after day', async () => {
    const { usage } = await meterSamples({ parts });

    expect(usage.length).toBeGreaterThan(1_000);
    expect(differences(usage, expectedUsage('messy'))).toEqual([]);
  });

  it('gives the very same usage from its files twice, in another order, days backwards', async () => {
    const straight = await meterSamples({ parts });
    const twice = [...parts.toReversed(), ...parts.map((part) => part.toReversed())];

    const shuffled = await meterSamples({ parts: twice, days: days.toReversed() });

    expect(shuffled.usage).toEqual(straight.usage);
  });

  it('is the sum of its shards', async () => {
    const some = { parts: parts.slice(0, 1) };
    const whole = await meterSamples(some);
    const shards = await Promise.all(
      [0, 1, 2].map((shard) => meterSamples({ ...some, shard, shards: 3 })),
    );

    expect(shards.every(({ usage }) => usage.length > 0)).toBe(true);
    expect(byKey(shards.flatMap(({ usage }) => usage))).toEqual(byKey(whole.usage));
    expect(shards.flatMap(({ usage }) => usage)).toHaveLength(whole.usage.length);
  });
});

describe.skipIf(!existsSync(REAL_EXPORT))(
  'the real export of 2014 (skipped where ../shared/data is absent)',
  () => {
    it('gives the expected usage', async () => {
      const { usage } = await meterSamples({ parts: [readExport(readFileSync(REAL_EXPORT))] });

      expect(usage.length).toBeGreaterThan(0);
      expect(differences(usage, expectedUsage('real-2014'))).toEqual([]);
    });
  },
);
