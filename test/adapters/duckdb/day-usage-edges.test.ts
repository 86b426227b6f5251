import { describe, expect, it } from 'vitest';
import { referenceUsage } from '../../lib/metering/reference-model.ts';
import { LAKE_SAMPLE, type LakeSample } from './lake-sample.ts';
import { type MeterOptions, meterSamples } from './metered-days.ts';

const E18 = 10n ** 18n;
const TEN = Date.parse('2026-10-05T10:00:00Z') * 1_000;
const MINUTE = 60_000_000;

const SAMPLE: LakeSample = { ...LAKE_SAMPLE, time: TEN };

function sample(fields: Partial<LakeSample>): LakeSample {
  return { ...SAMPLE, ...fields };
}

/** Held for exactly half an hour: a deleted reading ends the hold. */
function halfAnHour(fields: Partial<LakeSample>): LakeSample[] {
  return [sample(fields), sample({ ...fields, time: TEN + 30 * MINUTE, deleted: true })];
}

/** Measure to quantity, of samples that give one row a measure. */
async function quantities(
  rows: readonly LakeSample[],
  options: Omit<MeterOptions, 'parts'> = {},
): Promise<Record<string, string>> {
  const { usage } = await meterSamples({ parts: [rows], ...options });
  expect(usage).toEqual(referenceUsage(rows, options.metering));
  return Object.fromEntries(usage.map(({ measure, quantity }) => [measure, quantity]));
}

describe('a quantity', () => {
  it.each<[string, Record<string, string>, string]>([
    ['0.000000000001', {}, 'half of the last place goes to the even 0, and rows of 0 are dropped'],
    ['0.000000000003', { cores: '0.000000000002' }, 'one and a half goes to the even 2'],
    ['0.000000000005', { cores: '0.000000000002' }, 'two and a half goes to the even 2'],
    ['0.000000000003000001', { cores: '0.000000000002' }, 'a little more than half goes up'],
    ['0.000000000005000001', { cores: '0.000000000003' }, 'a little more than half goes up'],
    [
      '99999999999999999999.999999999999999999',
      { cores: '50000000000000000000' },
      'the largest volume is exact, and carries into the whole part',
    ],
  ])('%s vcpus held for half an hour: %o, since %s', async (volume, expected) => {
    const unscaled = BigInt(volume.replace('.', '').padEnd(volume.indexOf('.') + 18, '0'));
    const { instances: _, ...cores } = await quantities(
      halfAnHour({ volume: unscaled, shelved: false }),
    );

    expect(cores).toEqual(expected);
  });

  it.each([
    [1_152n, '0.000000000312', '312.5 goes to the even 312'],
    [3_456n, '0.000000000938', '937.5 goes to the even 938'],
  ])('%i MiB held for a microsecond: %s, since %s', async (mebibytes, quantity) => {
    const held = sample({ meter: 'memory', volume: mebibytes * E18 });
    const rows = [held, { ...held, time: TEN + 1, deleted: true }];

    expect(await quantities(rows)).toEqual({ ram: quantity });
  });

  it('of a stand-in counts all 36 decimals of a product: a trace above half goes up', async () => {
    const rows = halfAnHour({
      meter: 'instance',
      volume: 100_000_001n,
      sizeVcpus: 9_999_999_900_000_001n,
    });

    expect(await quantities(rows)).toEqual({ cores: '0.000000000001', instances: '0.00000000005' });
  });
});

describe('a stand-in', () => {
  it('that no volume could be has no known size, and is reported', async () => {
    const rows = [
      sample({ meter: 'instance', volume: 10n ** 37n, sizeVcpus: 100n * E18, sizeMemoryMib: null }),
    ];

    const { usage, days } = await meterSamples({ parts: [rows], days: ['2026-10-05'] });

    expect(usage.map(({ measure }) => measure)).toEqual(['instances']);
    expect(days.get('2026-10-05')?.report.unknownSizes).toBe(2);
  });

  it('takes the size of the row with the greater message id, all else being equal', async () => {
    const rows = [
      sample({ meter: 'instance', sizeVcpus: 8n * E18, messageId: 'a', metadata: '{"v":8}' }),
      sample({ meter: 'instance', sizeVcpus: 2n * E18, messageId: 'b', metadata: '{"v":2}' }),
    ];

    expect((await quantities(rows))['cores']).toBe('0.166666666667');
  });

  it.each([
    ['{"v":"ﬀ"}', '{"v":"😀"}', 'the code point counts, not the UTF-16 unit'],
    ['{"v":"A"}', '{"v":"a"}', 'capitals come before small letters'],
  ])('takes the size of the greater row as text: %s before %s, since %s', async (less, greater) => {
    const rows = [
      sample({ meter: 'instance', sizeVcpus: 8n * E18, metadata: less }),
      sample({ meter: 'instance', sizeVcpus: 2n * E18, metadata: greater }),
    ];

    expect((await quantities(rows))['cores']).toBe('0.166666666667');
    expect((await quantities(rows.toReversed()))['cores']).toBe('0.166666666667');
  });
});

describe('a resource', () => {
  it('that changes project and class within an hour is charged to each for its time', async () => {
    const rows = [
      sample({ meter: 'volume.size', project: 'p2', class: 'fast' }),
      sample({ meter: 'volume.size', project: 'p1', class: 'slow', time: TEN + 15 * MINUTE }),
      sample({ meter: 'volume.size', time: TEN + 45 * MINUTE, deleted: true }),
    ];

    const { usage } = await meterSamples({ parts: [rows] });

    expect(usage).toEqual(referenceUsage(rows));
    expect(usage.map((row) => [row.project, row.class, row.quantity])).toEqual([
      ['p1', 'slow', '0.5'],
      ['p2', 'fast', '0.25'],
    ]);
  });

  it('that changes project between two readings of a counter is charged by the later one', async () => {
    const counter = { meter: 'network.outgoing.bytes', volume: 9n * E18 } as const;
    const rows = [
      sample({ ...counter, class: 'b' }),
      sample({ ...counter, volume: E18 << 30n, project: 'p2', time: TEN + 1 }),
    ];

    expect(await quantities(rows)).toEqual({ egress: '0.999999991618' });
  });
});

describe('a hold', () => {
  it('ends at the next reading also where the interval is longer than the tolerance', async () => {
    const rows = [sample({}), sample({ time: TEN + 30 * MINUTE, deleted: true })];
    const metering = [{ from: '2026-01-01', intervalSeconds: 3_600, gapToleranceSeconds: 60 }];

    expect(await quantities(rows, { metering })).toEqual({ cores: '0.5', instances: '0.5' });
  });

  it('goes by the settings in force at its sample, beyond a change of them', async () => {
    const metering = [
      { from: '2026-10-05T10:00:00Z', intervalSeconds: 600 },
      {
        from: '2026-10-05T11:00:00Z',
        intervalSeconds: 60,
        meters: { vcpus: { intervalSeconds: 1_800 } },
      },
    ];
    const rows = [
      sample({ meter: 'disk.root.size', resource: 'early', time: TEN - 1 }),
      sample({
        meter: 'disk.root.size',
        resource: 'long',
        time: TEN + 60 * MINUTE - 1,
        class: 'x',
      }),
      sample({ meter: 'disk.root.size', resource: 'short', time: TEN + 60 * MINUTE }),
      sample({ meter: 'vcpus', resource: 'own', time: TEN + 60 * MINUTE }),
    ];

    const { usage } = await meterSamples({ parts: [rows], metering });

    expect(usage).toEqual(referenceUsage(rows, metering));
    expect(usage.filter(({ resource }) => resource === 'long').map((row) => row.quantity)).toEqual([
      '0.000000000278',
      '0.166666666389',
    ]);
    expect(usage.find(({ resource }) => resource === 'own')?.quantity).toBe('0.5');
  });
});

describe('a report', () => {
  it('tells duplicates and conflicts over all objects, each row of an ingest once', async () => {
    const first = sample({ ingestId: 'one', line: 1 });
    const again = sample({ ingestId: 'two', line: 1, messageId: 'b' });
    const other = sample({ ingestId: 'three', line: 1, volume: 2n * E18 });

    const { days } = await meterSamples({
      parts: [[first], [first, again], [other]],
      days: ['2026-10-05'],
    });

    expect(days.get('2026-10-05')?.report).toEqual({
      samples: 3,
      duplicates: 1,
      conflicts: 1,
      unknownSizes: 0,
      misfits: 0,
    });
  });

  it('counts a reading that another object repeats as a duplicate', async () => {
    const { days } = await meterSamples({
      parts: [[sample({ ingestId: 'one' })], [sample({ ingestId: 'two', messageId: 'b' })]],
      days: ['2026-10-05'],
    });

    expect(days.get('2026-10-05')?.report).toMatchObject({
      samples: 2,
      duplicates: 1,
      conflicts: 0,
    });
  });
});
