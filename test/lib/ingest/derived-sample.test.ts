import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DerivedSamples, partsByDay, type Reading } from '../../../lib/ingest/derived-sample.ts';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import { DAY_US, HOUR_US, type InstantUs, instantOfDate } from '../../../lib/period/instant.ts';
import { ingestWorld, NOW } from './ingest-world.ts';

const NOON: InstantUs = Date.UTC(2026, 9, 5, 12) * 1_000;

const READING: Reading = {
  project: 'p1',
  user: 'u1',
  resource: 'r1',
  meter: 'vcpus',
  unit: 'vcpu',
  volume: '2',
  time: NOON,
  heldUntil: null,
  metadata: { flavor: { name: 'm1', vcpus: 2, ram: 4_096 }, state: 'active' },
};

function derive(...readings: readonly Partial<Reading>[]) {
  return new DerivedSamples(instantOfDate(NOW), DEFAULT_LIMITS).of({
    row: '{"b": 1.0,"a":"é"}',
    source: 'x',
    messageId: 'm',
    line: 7,
    readings: readings.map((changes) => ({ ...READING, ...changes })),
  });
}

describe('a period', () => {
  const instant = fc.integer({ min: NOON - 100 * DAY_US, max: NOON + 100 * DAY_US });

  it('is cut at UTC midnights, without a gap', () => {
    fc.assert(
      fc.property(instant, instant, (start, end) => {
        const parts = partsByDay(start, end);
        const length = parts.reduce((sum, { time, heldUntil }) => sum + heldUntil - time, 0);
        expect(length).toBe(Math.max(0, end - start));
        for (const [index, { time, heldUntil }] of parts.entries()) {
          expect(time).toBe(index === 0 ? start : (parts[index - 1]?.heldUntil ?? 0));
          expect(heldUntil).toBeGreaterThan(time);
          expect(Math.floor((heldUntil - 1) / DAY_US)).toBe(Math.floor(time / DAY_US));
        }
      }),
    );
  });

  it('may be 400 days long, and no longer', () => {
    expect(partsByDay(NOON, NOON + 400 * DAY_US)).toHaveLength(401);
    expect(() => partsByDay(NOON, NOON + 400 * DAY_US + 1)).toThrow(/longer than 400 days/);
  });
});

describe('a sample that is derived', () => {
  it('has what the meter table and the metadata say', () => {
    expect(derive({})).toMatchObject([
      {
        type: 'gauge',
        class: 'm1',
        metered: true,
        heldUntil: null,
        attributes: { state: 'active', deleted: false, sizeVcpus: 2n * 10n ** 18n },
      },
    ]);
  });

  it('has what is given in its place', () => {
    const given = { class: 'gold', state: 'stopped', deleted: true, shelved: true };
    expect(derive(given)).toMatchObject([
      { class: 'gold', attributes: { state: 'stopped', deleted: true, shelved: true } },
    ]);
  });

  it('takes the canonical name of its meter', () => {
    const [sample] = derive({ meter: 'snapshot.size', unit: 'GB' });
    expect(sample).toMatchObject({ meter: 'volume.snapshot.size', type: 'gauge', unit: 'GB' });
  });

  it('holds at most to the end of its day', () => {
    const held = (heldUntil: InstantUs) => derive({ heldUntil })[0]?.heldUntil;
    expect(held(NOON + HOUR_US)).toBe(NOON + HOUR_US);
    expect(held(NOON + DAY_US)).toBe(NOON + DAY_US / 2);
  });

  it('leads for its row if it is the first, and keeps the row as received', () => {
    const texts = derive({}, { meter: 'memory', unit: 'MiB' }).map(
      ({ rowHead, attributes, rowTail, leads }) => ({
        leads,
        row: JSON.parse(rowHead + attributes.canonical + rowTail),
      }),
    );
    expect(texts).toEqual([
      { leads: true, row: { from: { a: 'é', b: 1 }, metadata: READING.metadata } },
      { leads: false, row: { metadata: READING.metadata } },
    ]);
    expect(derive({})[0]?.rowHead).toBe('{"from":{"a":"é","b":1.0},"metadata":');
  });

  it.each([
    { changes: { project: '' }, code: 'project_missing' },
    { changes: { project: 'x'.repeat(256) }, code: 'project_invalid' },
    { changes: { resource: '' }, code: 'resource_missing' },
    { changes: { resource: '\ud800' }, code: 'invalid_unicode' },
    { changes: { meter: '' }, code: 'meter_missing' },
    { changes: { unit: 'GB' }, code: 'unit_mismatch' },
    { changes: { type: 'delta' }, code: 'type_mismatch' },
    { changes: { volume: '' }, code: 'volume_missing' },
    { changes: { volume: 'x' }, code: 'volume_not_a_number' },
    { changes: { volume: '-1' }, code: 'volume_negative' },
    { changes: { volume: '1e20' }, code: 'volume_out_of_range' },
    { changes: { time: 0 }, code: 'timestamp_too_old' },
    { changes: { time: instantOfDate(NOW) + DAY_US + 1 }, code: 'timestamp_in_future' },
    { changes: { heldUntil: NOON - 1 }, code: 'period_reversed' },
    { changes: { meter: 'cpu', unit: 'ns', heldUntil: NOON + 1 }, code: 'period_of_counter' },
  ] as const)('is refused as one that is read: $code', ({ changes, code }) => {
    expect(() => derive({}, changes)).toThrow(expect.objectContaining({ code }));
  });
});

describe('rows that tell several readings', { timeout: 60_000 }, () => {
  const HEADER = 'project,resource,meter,unit,volume,start,end';
  const row = fc
    .record({
      resource: fc.constantFrom('r1', 'r2'),
      volume: fc.constantFrom('1', '2', 'x'),
      start: fc.integer({ min: 1, max: 4 }),
      days: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ resource, volume, start, days }) => {
      const day = (number: number) => `2026-10-0${number}T00:00:00`;
      return `p1,${resource},vcpus,vcpu,${volume},${day(start)},${day(start + days)}`;
    });

  it('are counted once each, and alike in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const content = (lines: readonly string[]) => [HEADER, ...lines].join('\n');
        const world = ingestWorld();
        const ingests = await world.ingest({
          'a.csv': content(rows),
          'b.csv': content(rows.toReversed()),
        });
        const [one, other] = ingests.map(({ counts }) => counts);
        expect(other).toEqual(one);
        const { read = 0, accepted = 0, duplicate = 0, conflict = 0, quarantined = 0 } = one ?? {};
        expect(read).toBe(rows.length);
        expect(accepted + duplicate + conflict + quarantined).toBe(read);
        expect(quarantined).toBe(rows.filter((line) => line.includes(',x,')).length);
      }),
      { numRuns: 15 },
    );
  });
});
