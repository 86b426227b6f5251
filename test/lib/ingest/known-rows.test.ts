import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SampleBatch, SampleParts } from '../../../lib/ports/sample-parts.ts';
import { ingestWorld, NOW } from './ingest-world.ts';
import { apiRow, messagingRow, publisherRow } from './samples.ts';

/** Of a batch that knows no series: each row is read by SampleReader. */
function rowByRow(parts: SampleParts): SampleParts {
  return {
    withBatch: (use) =>
      parts.withBatch((batch) => {
        const without = {
          begin: (ingest) => batch.begin(ingest),
          add: (sample) => batch.add(sample),
          ready: () => batch.ready(),
          forget: (id) => batch.forget(id),
          settle: () => batch.settle(),
          writeParts: (take) => batch.writeParts(take),
          textFile: () => batch.textFile(),
        } satisfies Omit<SampleBatch, 'addSeries' | 'addReadings'>;
        return use(without as unknown as SampleBatch);
      }),
  };
}

/** How many rows of the batch were readings of known series. */
function counting(parts: SampleParts): SampleParts & { readings: number } {
  const counted = {
    readings: 0,
    withBatch: <T>(use: (batch: SampleBatch) => Promise<T>) =>
      parts.withBatch((batch) => {
        const addReadings = batch.addReadings.bind(batch);
        batch.addReadings = (lines) => {
          counted.readings += Buffer.from(lines).toString().split('\n').length - 1;
          addReadings(lines);
        };
        return use(batch);
      }),
  };
  return counted;
}

/** All that an ingest leaves: the ledger's word, the parts (by their bytes) and the quarantine. */
async function outcomeOf(body: Uint8Array, by: (parts: SampleParts) => SampleParts) {
  const base = ingestWorld();
  const sampleParts = by(base.ports.sampleParts);
  const world = ingestWorld({ sampleParts });
  const [ingest] = await world.ingest({ 'rows.jsonl': body });
  const objects: Record<string, string> = {};
  for await (const { key } of world.ports.lake.list('')) {
    const bytes = (await world.ports.lake.get(key)) ?? new Uint8Array();
    objects[key] = Buffer.from(bytes).toString('latin1');
  }
  return { sampleParts, outcome: { ingest, objects } };
}

async function expectSameOnBothWays(body: Uint8Array): Promise<number> {
  const fast = await outcomeOf(body, counting);
  const slow = await outcomeOf(body, rowByRow);
  expect(fast.outcome).toEqual(slow.outcome);
  return (fast.sampleParts as ReturnType<typeof counting>).readings;
}

const times = fc
  .record({
    minute: fc.integer({ min: 0, max: 59 }),
    hour: fc.constantFrom('00', '10', '23', '24'),
    day: fc.constantFrom('2026-10-05', '2026-10-06', '2026-02-30', '2009-12-31', '2027-01-01'),
    between: fc.constantFrom('T', ' '),
    rest: fc.constantFrom(
      '',
      '',
      '.5',
      '.000000',
      '.123456',
      '.12345Z',
      '.1234567',
      'Z',
      '+00:00',
      '+02:00',
    ),
  })
  .map(
    ({ minute, hour, day, between, rest }) =>
      `${day}${between}${hour}:${String(minute).padStart(2, '0')}:07${rest}`,
  );

/** As they stand in the text, which JSON.stringify would change. */
const volumes = fc.constantFrom(
  '0',
  '4',
  '4.0',
  '2.50',
  '0.000000000000000001',
  '123456789012345',
  '999999999999999999',
  '12345678901234567890',
  '123456789.123456789',
  '1e3',
  '-0',
  '-1',
  'NaN',
  'null',
  '"4"',
  '1.',
  '00',
);

const mostly = <T>(usual: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });

const rows = fc
  .record({
    keys: fc.constantFrom(publisherRow, publisherRow, messagingRow, apiRow),
    resource_id: mostly('r1', fc.constantFrom('r2', 'é', 'r\u{1f600}', '', 'a"b', 'x'.repeat(256))),
    project_id: fc.constantFrom('p1', 'p1', 'p2', null),
    id: fc.constantFrom('a', 'b', 'ö', 'q"', null, 5),
    metadata: fc.constantFrom(
      {},
      { state: 'active' },
      { a: { b: 1 }, source: 'x' },
      { t: '}, "source": "' },
      { deleted: 'x', status: 'deleted' },
      null,
      'text',
    ),
    user_name: fc.constantFrom(null, null, 'u', 'v'),
    monotonic_time: fc.constantFrom(null, 1.5, 1e21, 'x'),
    timestamp: mostly('2026-10-05T10:00:00.123456', times),
    volume: mostly('4', volumes),
    blanks: fc.boolean(),
    spoiled: mostly('', fc.constantFrom(' ', ',', '\ufeff', '}', '\u0001', '\r')),
  })
  .map(({ keys, metadata, volume, blanks, spoiled, ...members }) => {
    const own =
      keys === messagingRow
        ? { message_id: members.id }
        : keys === apiRow
          ? {}
          : { id: members.id };
    const name = keys === apiRow ? 'metadata' : 'resource_metadata';
    const text = keys({ ...members, ...own, [name]: metadata }).replace(
      /"(counter_)?volume":\s*2/,
      (match) => match.replace('2', volume),
    );
    return (blanks ? text.replaceAll('":', '": ').replaceAll(',"', ', "') : text) + spoiled;
  });

describe('rows of known series', () => {
  it('are read to the same parts, counts and quarantine as each row on its own', {
    timeout: 120_000,
  }, async () => {
    let readings = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(rows, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 25 }),
        fc.constantFrom('\n', '\n', '\n', '\r\n'),
        async (lines, lineEnd) => {
          // What comes first is read row by row on both ways.
          const lead = Array.from({ length: 15 }, () => publisherRow());
          const all = lines.flatMap(([line, times_]) => Array.from({ length: times_ }, () => line));
          readings += await expectSameOnBothWays(Buffer.from([...lead, ...all, ''].join(lineEnd)));
        },
      ),
      { numRuns: 25 },
    );
    expect(readings).toBeGreaterThan(0);
  });

  it('are read alike where polls repeat them in the same order, with few changes', {
    timeout: 120_000,
  }, async () => {
    const values = fc.record({
      timestamp: mostly('2026-10-05T10:00:00', times),
      volume: volumes,
      id: mostly('4f3c', fc.constantFrom('b', 'ö', 'q"', '\u007f', 'x'.repeat(600), null)),
      monotonic_time: fc.constantFrom(null, 0.5, -3, 'x', 'é', true, 1e21),
      display_name: mostly('web', fc.constant('renamed')),
      spoiled: mostly('', fc.constantFrom(' ', ',', '\r')),
    });
    const polls = fc.integer({ min: 1, max: 5 }).chain((series) =>
      fc.array(fc.array(values, { minLength: series, maxLength: series }), {
        minLength: 2,
        maxLength: 12,
      }),
    );
    const keySets = [publisherRow, messagingRow, publisherRow, apiRow, messagingRow];
    await fc.assert(
      fc.asyncProperty(polls, async (rounds) => {
        const lines = rounds.flatMap((round) =>
          round.map(({ id, display_name, volume, spoiled, ...members }, place) => {
            const keys = keySets[place] ?? publisherRow;
            const metadata = { display_name, host: `compute-${place}`, note: 'ü'.repeat(60) };
            const text = keys({
              ...members,
              ...(keys === messagingRow ? { message_id: id } : keys === apiRow ? {} : { id }),
              resource_id: `r${place}`,
              [keys === apiRow ? 'metadata' : 'resource_metadata']: metadata,
            });
            return (
              text.replace(/"(counter_)?volume":2/, (match) => match.replace('2', volume)) + spoiled
            );
          }),
        );
        const lead = Array.from({ length: 15 }, () => publisherRow());
        await expectSameOnBothWays(Buffer.from([...lead, ...lines, ''].join('\n')));
      }),
      { numRuns: 25 },
    );
  });

  it('keep their message id where the first row of the object has none', async () => {
    const lead = Array.from({ length: 15 }, () => publisherRow());
    for (const id of [null, 5]) {
      const lines = [id, 'a', 'a', id, 'a'].map((own, minute) =>
        publisherRow({ id: own, resource_id: 'r2', timestamp: `2026-10-05T10:0${minute}:00` }),
      );
      await expectSameOnBothWays(Buffer.from([...lead, ...lines, ''].join('\n')));
      const alone = lines.map((line) => `${line}\n`).join('');
      await expectSameOnBothWays(Buffer.from(alone.repeat(20)));
    }
  });

  it('are nearly all rows of an export', { timeout: 60_000 }, async () => {
    const body = Array.from({ length: 4_000 }, (_, n) =>
      publisherRow({
        resource_id: `r${n % 20}`,
        timestamp: new Date(NOW.getTime() - n * 60_000).toISOString().slice(0, 19),
        volume: n % 3 === 0 ? n / 8 : n,
        id: `id-${n}`,
        monotonic_time: n / 7,
      }),
    ).join('\n');
    expect(await expectSameOnBothWays(Buffer.from(body))).toBeGreaterThan(3_900);
  });

  it('may stand among lines that are no UTF-8, or longer than a block', {
    timeout: 60_000,
  }, async () => {
    const lines = Array.from({ length: 1_200 }, (_, n) =>
      publisherRow({ timestamp: `2026-10-05T10:00:00.${String(n + 1).padStart(6, '0')}` }),
    );
    const long = publisherRow({ resource_metadata: { text: 'x'.repeat(200_000) } });
    const body = Buffer.concat([
      Buffer.from(`${lines.slice(0, 100).join('\n')}\n`),
      Buffer.from([0x7b, 0xff, 0xfe, 0x0a]),
      Buffer.from(`${lines.slice(100, 1_100).join('\n')}\n${long}\n\n`),
      Buffer.from(lines.slice(1_100).join('\n')),
    ]);
    expect(await expectSameOnBothWays(body)).toBeGreaterThan(700);
  });
});
