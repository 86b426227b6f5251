import fc from 'fast-check';
import type { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { startOfDay } from '../../../lib/period/calendar.ts';
import type { LakeSample } from './lake-sample.ts';

/** A month's end on purpose: days, hours and months meet here. */
export const GENERATED_DAYS = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02'];

const START = startOfDay('2026-10-30');
const SECOND = 1_000_000;
const DAY_US = 86_400 * SECOND;
const E18 = 10n ** 18n;

/** Meters that add up, or stand in for one another. */
const FAMILIES = [
  ['vcpus', 'memory', 'instance'],
  ['vcpus', 'instance'],
  ['disk.root.size', 'disk.ephemeral.size', 'memory.usage'],
  ['ip.floating', 'image.size', 'unknown.meter'],
  ['cpu', 'network.outgoing.bytes'],
  ['storage.objects.outgoing.bytes', 'storage.objects.size', 'radosgw.objects.size'],
];

/** Times that collide, touch hour and day boundaries, and lie at and beside tolerance and 24 h. */
const time = fc.oneof(
  fc
    .integer({ min: 0, max: 72 * 12 })
    .map((step) => START + 24 * 3_600 * SECOND + step * 300 * SECOND),
  fc
    .record({
      base: fc.constantFrom(0, 3_600, 7_200, 86_400, 90_000, 172_800),
      by: fc.constantFrom(-1, 0, 1, 299, 300, 301, 7_200, 7_201, 43_200),
      micros: fc.constantFrom(0, 0, 1, 999_999),
    })
    .map(({ base, by, micros }) => START + (86_400 + base + by) * SECOND + micros),
  fc
    .integer({ min: 0, max: 72 * 3_600 })
    .map((second) => START + 12 * 3_600 * SECOND + second * SECOND),
);

/** From everyday sizes to the largest and finest that the lake can hold. */
const volume = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }).map((n) => BigInt(n) * E18) },
  { weight: 2, arbitrary: fc.bigInt(0n, 10n ** 16n).map((n) => n * E18) },
  { weight: 1, arbitrary: fc.bigInt(0n, 10n ** 20n) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1n, 10n ** 9n, E18 / 2n, 10n ** 38n - 1n, 10n ** 38n - E18),
  },
);

/** Of most samples null: they are polls. */
const heldFor = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 299, 3_600, 43_200, 86_400).map((seconds) => seconds * SECOND),
  },
);

const size = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(null, 1n * E18, 4n * E18, 8192n * E18) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, E18 / 3n, 10n ** 38n - 1n, 10n ** 28n + 7n) },
);

const sampleOf = (meters: readonly string[]): fc.Arbitrary<LakeSample> =>
  fc
    .record({
      meter: fc.constantFrom(...meters),
      resource: fc.constantFrom('r1', 'r1', 'r1', 'ﬀ', '😀'),
      project: fc.constantFrom('p1', 'p1', 'p1', 'ﬀ', '😀'),
      class: fc.constantFrom('', 'm1.small', 'm1.small', 'm1.large'),
      volume,
      time,
      heldFor,
      state: fc.constantFrom('', 'active', 'active', 'Stopped', 'paused'),
      deleted: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      shelved: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      sizeVcpus: size,
      sizeMemoryMib: size,
      messageId: fc.constantFrom('', 'a', 'b'),
      rowTail: fc.constantFrom('}', ',"x":1}', ',"x":"😀"}', ',"x":"ﬀ"}'),
      ingestId: fc.constantFrom('i1', 'i2'),
      line: fc.integer({ min: 1, max: 9 }),
    })
    .map(({ heldFor: held, ...fields }) => ({
      ...fields,
      heldUntil: held === null ? null : Math.min(fields.time + held, endOfDay(fields.time)),
      rowHead: '{"a":',
      metadata: metadataOf(fields),
    }));

/** A reading over a period holds until the end of its UTC day at most. */
function endOfDay(instant: number): number {
  return (Math.floor(instant / DAY_US) + 1) * DAY_US;
}

/** Sizes and states come from the metadata: where they differ, so does the text of the row. */
function metadataOf({
  sizeVcpus,
  sizeMemoryMib,
  state,
}: Pick<LakeSample, 'sizeVcpus' | 'sizeMemoryMib' | 'state'>): string {
  return JSON.stringify({ memory: String(sizeMemoryMib), state, vcpus: String(sizeVcpus) });
}

export const samples = fc
  .constantFrom(...FAMILIES)
  .chain((meters) => fc.array(sampleOf(meters), { minLength: 1, maxLength: 120, size: 'max' }));

const hold = fc.constantFrom(1, 300, 3_600, 7_200, 86_400);

/** Settings that change within the days, and for one meter. */
export const metering: fc.Arbitrary<RegionSettings['metering']> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<RegionSettings['metering']>([]) },
  fc
    .record({ a: hold, b: hold, c: hold, d: hold, stops: fc.boolean() })
    .map(({ a, b, c, d, stops }) => [
      { from: '2026-10-31', intervalSeconds: a, gapToleranceSeconds: b },
      {
        from: '2026-11-01T01:00:00Z',
        intervalSeconds: c,
        ...(stops ? { notBilled: { stopped: ['cores', 'instances'], paused: ['disk'] } } : {}),
        meters: { vcpus: { gapToleranceSeconds: d } },
      },
    ]),
);
