import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ingestObjects } from '../../lib/ingest/ingest-objects.ts';
import { ingestWorld, NOW, WEST } from '../lib/ingest/ingest-world.ts';
import { publisherRow } from '../lib/ingest/samples.ts';

const MIB = 1_048_576;
const RSS_MIB_MAX = 300;

const ROWS = Array.from({ length: 400 }, (_, n) =>
  publisherRow({ resource_id: `r${n}`, id: String(n * 7_919) }),
);
const WHOLE = gzipSync(ROWS.join('\n'));

describe('B1', () => {
  const last = WHOLE.length;
  const flipped = (at: number) => {
    const bytes = Buffer.from(WHOLE);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  const tenths = Array.from({ length: 9 }, (_, n) => (n + 1) / 10);
  it.each([
    ...tenths.map((part) => ({ fault: `cut at ${part}`, body: WHOLE.subarray(0, last * part) })),
    ...[8, 7, 5, 4, 3, 1].map((bytes) => ({
      fault: `without the last ${bytes} bytes of its trailer`,
      body: WHOLE.subarray(0, last - bytes),
    })),
    { fault: 'of a wrong CRC', body: flipped(last - 6) },
    { fault: 'of a wrong length', body: flipped(last - 2) },
    { fault: 'followed by other bytes', body: Buffer.concat([WHOLE, Buffer.from('more')]) },
    {
      fault: 'whose second member is cut',
      body: Buffer.concat([WHOLE, WHOLE.subarray(0, last / 2)]),
    },
  ])('B1: gzip $fault refuses the whole object', async ({ body }) => {
    const world = ingestWorld();
    const [ingest] = await world.ingest({ 'a.jsonl.gz': body });
    expect(ingest).toMatchObject({ state: 'refused', counts: { read: 0, accepted: 0 } });
    expect(ingest?.problem).toMatch(/gzip data is damaged or cut off.*send the whole file again/);
    expect(await Array.fromAsync(world.ports.lake.list(''))).toEqual([]);
  });

  it('B1: two members are read as one file, and plain text named .gz as plain text', async () => {
    const half = ROWS.length / 2;
    const members = [ROWS.slice(0, half), ROWS.slice(half)].map((rows) =>
      gzipSync(`${rows.join('\n')}\n`),
    );
    const [both, plain] = await ingestWorld().ingest({
      'members.gz': Buffer.concat(members),
      'plain.gz': ROWS.join('\n'),
    });
    expect(both?.counts).toMatchObject({ read: 400, accepted: 400 });
    expect(plain?.counts).toMatchObject({ read: 400, accepted: 400 });
  });
});

/** A landing object that is made while it is read, twice: once for its hash and once for its rows. */
async function ingestStream(body: () => Iterable<Uint8Array>, storedBytes: number) {
  const world = ingestWorld();
  const key = 'region=west/2026-11-21/stream';
  let peakMib = 0;
  const before = process.memoryUsage().rss;
  const ports = {
    ...world.ports,
    landing: {
      ...world.ports.landing,
      head: async () => ({ key, sizeBytes: storedBytes, putAt: NOW }),
      open: async () => ({
        key,
        sizeBytes: storedBytes,
        putAt: NOW,
        body: (async function* () {
          for (const chunk of body()) {
            yield chunk;
            peakMib = Math.max(peakMib, (process.memoryUsage().rss - before) / MIB);
          }
        })(),
      }),
    },
  };
  const failures = await ingestObjects(ports, [{ key, sizeBytes: storedBytes, eventTime: NOW }]);
  expect(failures).toEqual([]);
  return { ingest: await world.ports.ledger.findByKey(WEST, key), peakMib, world };
}

function* repeated(piece: Uint8Array, times: number): Generator<Uint8Array> {
  for (let n = 0; n < times; n += 1) yield piece;
}

describe('B2', () => {
  it('B2: 200 MiB of zeros in 200 KB of gzip stop at the cap on the ratio', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    expect(bomb.length).toBeLessThan(300_000);
    const { ingest, peakMib } = await ingestStream(() => [bomb], bomb.length);
    expect(ingest).toMatchObject({ state: 'refused', reasons: [{ code: 'inflates_too_far' }] });
    expect(ingest?.problem).toMatch(/more than 300 times its size/);
    expect(peakMib).toBeLessThan(RSS_MIB_MAX);
  });

  it('B2: a bomb of many small members stops as well', async () => {
    const member = gzipSync(Buffer.alloc(MIB));
    const stored = member.length * 200;
    const { ingest, peakMib } = await ingestStream(() => repeated(member, 200), stored);
    expect(ingest).toMatchObject({ state: 'refused', reasons: [{ code: 'inflates_too_far' }] });
    expect(peakMib).toBeLessThan(RSS_MIB_MAX);
  });

  it('B2: what inflates beyond the cap on bytes is refused with the setting to raise', async () => {
    const world = ingestWorld();
    const limits = { ...world.ports.limits, inflatedBytesMax: 4 * MIB };
    const capped = ingestWorld({ limits });
    const noise = Array.from({ length: 6 * MIB }, (_, n) => (n * 2_654_435_761) >>> 24);
    const [ingest] = await capped.ingest({ 'a.gz': gzipSync(Buffer.from(noise)) });
    expect(ingest?.state).toBe('refused');
  });
});

describe('B3', () => {
  it('B3: a line of 1 GB is refused with its number, in constant memory', async () => {
    const piece = Buffer.alloc(MIB, 'x');
    const head = Buffer.from(`${publisherRow()}\n{"name":"`);
    const { ingest, peakMib } = await ingestStream(function* () {
      yield head;
      yield* repeated(piece, 1_024);
      yield Buffer.from(`"}\n${publisherRow({ id: 'z' })}\n`);
    }, 1_024 * MIB);
    expect(ingest).toMatchObject({
      state: 'ingested',
      counts: { read: 3, accepted: 1, duplicate: 1, quarantined: 1 },
      reasons: [{ code: 'row_too_long', count: 1, example: expect.stringMatching(/Line 2: /) }],
    });
    expect(peakMib).toBeLessThan(RSS_MIB_MAX);
  }, 120_000);

  it('B3: nothing but a line of 1 GB refuses the object', async () => {
    const { ingest, peakMib } = await ingestStream(
      () => repeated(Buffer.alloc(MIB, '{'), 1_024),
      1_024 * MIB,
    );
    expect(ingest).toMatchObject({ state: 'refused' });
    expect(peakMib).toBeLessThan(RSS_MIB_MAX);
  }, 120_000);

  it('B3: ten million empty lines are no rows', async () => {
    const lines = Buffer.alloc(100_000, '\n');
    const started = performance.now();
    const { ingest, peakMib } = await ingestStream(() => repeated(lines, 100), 10_000_000);
    const seconds = (performance.now() - started) / 1_000;
    console.log(`B3: ten million empty lines in ${seconds.toFixed(1)} s`);
    expect(ingest?.counts).toMatchObject({ read: 0, accepted: 0, quarantined: 0 });
    expect(peakMib).toBeLessThan(RSS_MIB_MAX);
  });

  it('B3: an array that never ends is refused, in constant memory', async () => {
    const rows = Buffer.from(`${publisherRow()},`.repeat(500));
    const { ingest, peakMib } = await ingestStream(function* () {
      yield Buffer.from('[');
      yield* repeated(rows, 400);
    }, rows.length * 400);
    expect(ingest).toMatchObject({ state: 'refused', reasons: [{ code: 'truncated_array' }] });
    expect(peakMib).toBeLessThan(RSS_MIB_MAX * 2);
  }, 120_000);

  it('B3: NUL bytes refuse their own row, and a file of them is refused', async () => {
    const world = ingestWorld();
    const rows = [publisherRow(), publisherRow().replace('"r1"', '"r\u0000"'), '\u0000\u0000'];
    const [ingest, nothing] = await world.ingest({
      'a.jsonl': rows.join('\n'),
      'b.jsonl': Buffer.alloc(3 * MIB),
    });
    expect(ingest?.counts).toMatchObject({ read: 3, accepted: 1, quarantined: 2 });
    expect(nothing).toMatchObject({ state: 'refused' });
  });
});

describe('B4', () => {
  const [a, b] = [publisherRow(), publisherRow({ resource_id: 'r2' })];
  it.each([
    { name: 'a byte order mark', body: `\uFEFF${a}\n${b}\n` },
    { name: 'CRLF', body: `${a}\r\n${b}\r\n` },
    { name: 'CR alone', body: `${a}\r${b}\r` },
    { name: 'no final line end', body: `${a}\n${b}` },
    { name: 'line ends of every kind, and empty lines', body: `\n\r\n${a}\r\n\n\r${b}` },
    { name: 'a byte order mark and an array', body: `\uFEFF[${a},\r\n${b}]` },
  ])('B4: $name changes nothing', async ({ body }) => {
    const [ingest] = await ingestWorld().ingest({ 'a.jsonl': body });
    expect(ingest?.counts).toMatchObject({ read: 2, accepted: 2, quarantined: 0 });
  });

  it.each(['utf16le', 'utf16be'] as const)('B4: %s is refused with advice', async (encoding) => {
    const text = Buffer.from(`\uFEFF${a}`, 'utf16le');
    const body = encoding === 'utf16le' ? text : Buffer.from(text).swap16();
    const [ingest] = await ingestWorld().ingest({ 'a.json': body });
    expect(ingest).toMatchObject({ state: 'refused', reasons: [{ code: 'utf16' }] });
    expect(ingest?.problem).toContain('UTF-8');
  });

  it.each([
    { name: 'the byte 0xFF', bytes: [0xff], code: 'invalid_utf8' },
    { name: 'a cut sequence', bytes: [0xe2, 0x82], code: 'invalid_utf8' },
    { name: 'an encoded surrogate', bytes: [0xed, 0xa0, 0x80], code: 'invalid_utf8' },
  ])('B4: $name in an id refuses its row and comes into no key', async ({ bytes, code }) => {
    const at = Buffer.from(a).indexOf('"r1"') + 1;
    const bad = Buffer.concat([
      Buffer.from(a).subarray(0, at),
      Buffer.from(bytes),
      Buffer.from(a).subarray(at),
    ]);
    const world = ingestWorld();
    const body = Buffer.concat([bad, Buffer.from(`\n${b}\n`)]);
    const [ingest] = await world.ingest({ 'a.jsonl': body });
    expect(ingest).toMatchObject({
      counts: { read: 2, accepted: 1, quarantined: 1 },
      reasons: [{ code }],
    });
  });

  it('B4: a lone surrogate, escaped, refuses its row', async () => {
    const bad = a.replace('"r1"', '"r\\ud800"');
    const [ingest] = await ingestWorld().ingest({ 'a.jsonl': `${bad}\n${b}` });
    expect(ingest).toMatchObject({
      counts: { read: 2, accepted: 1, quarantined: 1 },
      reasons: [{ code: 'invalid_unicode' }],
    });
  });
});

describe('B5', () => {
  const withVolume = (text: string) => publisherRow().replace('"volume":2', `"volume":${text}`);
  it.each([
    { volume: 'NaN', code: 'not_finite' },
    { volume: 'Infinity', code: 'not_finite' },
    { volume: '-Infinity', code: 'not_finite' },
    { volume: '1e999', code: 'volume_out_of_range' },
    { volume: '1e308', code: 'volume_out_of_range' },
    { volume: '-1', code: 'volume_negative' },
    { volume: '-1e-18', code: 'volume_negative' },
    { volume: '""', code: 'volume_not_a_number' },
    { volume: '"1,5"', code: 'volume_not_a_number' },
    { volume: '"2"', code: 'volume_not_a_number' },
    { volume: '0x10', code: 'invalid_json' },
    { volume: '1,5', code: 'invalid_json' },
    { volume: '.5', code: 'invalid_json' },
    { volume: '1'.repeat(40), code: 'volume_out_of_range' },
    { volume: `0.${'1'.repeat(19)}`, code: 'volume_out_of_range' },
    { volume: 'null', code: 'volume_missing' },
    { volume: 'true', code: 'volume_not_a_number' },
    { volume: '[2]', code: 'volume_not_a_number' },
  ])('B5: a volume of $volume is refused: $code', async ({ volume, code }) => {
    const good = publisherRow({ resource_id: 'good' });
    const [ingest] = await ingestWorld().ingest({ 'a.jsonl': `${good}\n${withVolume(volume)}` });
    expect(ingest).toMatchObject({
      counts: { read: 2, accepted: 1, quarantined: 1 },
      reasons: [{ code, count: 1 }],
    });
  });

  it.each([
    '-0',
    '0',
    '-0.0',
    '0e999',
    '9007199254740993',
    '99999999999999999999',
    '1e-18',
    '1E+2',
  ])('B5: a volume of %s is taken', async (volume) => {
    const [ingest] = await ingestWorld().ingest({ 'a.jsonl': withVolume(volume) });
    expect(ingest?.counts).toMatchObject({ read: 1, accepted: 1, quarantined: 0 });
  });
});

describe('B7', () => {
  const ingestAt = async (timestamp: unknown) => {
    const rows = [publisherRow({ resource_id: 'good' }), publisherRow({ timestamp })];
    const [ingest] = await ingestWorld().ingest({ 'a.jsonl': rows.join('\n') });
    return ingest;
  };
  it.each([
    { timestamp: '2026-10-05T24:00:00', code: 'timestamp_unreadable' },
    { timestamp: '2026-10-05T23:59:60Z', code: 'timestamp_unreadable' },
    { timestamp: '2026-02-30T00:00:00Z', code: 'timestamp_unreadable' },
    { timestamp: '2026-10-05T10:00:00+24:00', code: 'timestamp_unreadable' },
    { timestamp: '+275760-09-13T00:00:00Z', code: 'timestamp_unreadable' },
    { timestamp: '0001-01-01T00:00:00Z', code: 'timestamp_too_old' },
    { timestamp: '9999-12-31T23:59:59Z', code: 'timestamp_in_future' },
    { timestamp: 1_790_000_000, code: 'timestamp_missing' },
    { timestamp: 1_790_000_000_000, code: 'timestamp_missing' },
  ])('B7: the time $timestamp is refused: $code', async ({ timestamp, code }) => {
    expect(await ingestAt(timestamp)).toMatchObject({
      counts: { read: 2, accepted: 1, quarantined: 1 },
      reasons: [{ code }],
    });
  });

  it.each([
    { timestamp: '2026-10-05T04:59:59.999999+05:30', day: '2026-10-04' },
    { timestamp: '2026-10-05T00:00:00-00:00', day: '2026-10-05' },
    { timestamp: '2026-10-04T23:30:00-01:00', day: '2026-10-05' },
    { timestamp: '2026-10-05T00:00:00', day: '2026-10-05' },
    { timestamp: '2026-10-05 23:59:59.9999999', day: '2026-10-05' },
  ])('B7: the time $timestamp lies on $day', async ({ timestamp, day }) => {
    const world = ingestWorld();
    await world.ingest({ 'a.jsonl': publisherRow({ timestamp }) });
    expect(await world.ports.lakeIndex.list(WEST, day)).toHaveLength(1);
  });
});
