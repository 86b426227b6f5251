import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import { ingestWorld, NOW, WEST } from './ingest-world.ts';
import { messagingRow, publisherRow } from './samples.ts';

async function keysOf(store: ObjectStore): Promise<string[]> {
  return (await Array.fromAsync(store.list(''))).map(({ key }) => key);
}

describe('an ingest', () => {
  it('tells what became of every row', async () => {
    const world = ingestWorld();
    const rows = [
      publisherRow(),
      publisherRow({ id: 'again' }),
      messagingRow({ counter_volume: 3 }),
      publisherRow({ name: 'power.state', unit: 'state' }),
      publisherRow({ project_id: '' }),
      publisherRow({ volume: 'NaN' }),
      publisherRow().replace('"volume":2', '"volume":NaN'),
      'nonsense',
    ];
    const [ingest] = await world.ingest({ 'a.jsonl': rows.join('\n') });
    expect(ingest).toMatchObject({
      region: 'west',
      key: 'region=west/2026-11-21/a.jsonl',
      state: 'ingested',
      format: 'ceilometer-publisher',
      counts: { read: 8, accepted: 2, duplicate: 1, conflict: 1, quarantined: 4, unmetered: 1 },
      problem: null,
      receivedAt: NOW.toISOString(),
    });
    expect(ingest?.reasons.map(({ code, count }) => [code, count])).toEqual([
      ['invalid_json', 1],
      ['not_finite', 1],
      ['project_missing', 1],
      ['volume_not_a_number', 1],
    ]);
    const quarantine = await world.ports.lake.get(ingest?.quarantineKey ?? '');
    const refused = Buffer.from(quarantine ?? [])
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(refused.map(({ line, code }) => [line, code])).toEqual([
      [5, 'project_missing'],
      [6, 'volume_not_a_number'],
      [7, 'not_finite'],
      [8, 'invalid_json'],
    ]);
    expect(refused.map(({ row }) => row)).toEqual(rows.slice(4));
  });

  it('makes its rows known by a manifest, and its days due', async () => {
    const world = ingestWorld();
    const [ingest] = await world.ingest({
      'a.jsonl': [publisherRow(), publisherRow({ timestamp: '2026-10-31T12:00:00' })].join('\n'),
    });
    const parts = await world.ports.lakeIndex.list(WEST, '2026-10-05');
    const keys = await keysOf(world.ports.lake);
    expect(keys).toEqual([
      expect.stringMatching(/^manifests\/[0-9a-f]{32}\.json$/),
      expect.stringMatching(/^samples\/region=west\/date=2026-10-05\/[0-9a-f]{32}\.parquet$/),
      expect.stringMatching(/^samples\/region=west\/date=2026-10-31\/[0-9a-f]{32}\.parquet$/),
    ]);
    expect(parts).toEqual([{ region: 'west', date: '2026-10-05', key: keys[1], rows: 1 }]);
    const manifest = JSON.parse(
      Buffer.from((await world.ports.lake.get(keys[0] ?? '')) ?? []).toString(),
    );
    expect(manifest).toMatchObject({
      ingests: [ingest?.id],
      parts: [{ key: keys[1] }, { key: keys[2] }],
    });
    expect(`manifests/${manifest.batch}.json`).toBe(keys[0]);
    const days = [
      '2026-10-04',
      '2026-10-05',
      '2026-10-06',
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
    ];
    expect(ingest?.touched).toEqual(days.map((date) => ({ date, shard: 0, generation: 1 })));
    expect(world.ports.messages.wakeUps).toEqual([{ delaySeconds: 5 }]);
    expect(await world.ports.regions.exists(WEST)).toBe(true);
    const dueWithin = (seconds: number) =>
      world.ports.partitions.listDue({ now: new Date(NOW.getTime() + seconds * 1_000), limit: 10 });
    expect((await dueWithin(5)).map(({ date }) => date)).toEqual(['2026-10-05', '2026-10-31']);
    expect(await dueWithin(10)).toHaveLength(6);
  });

  it('touches every shard of a region, once for all files of a batch', async () => {
    const world = ingestWorld();
    await world.ports.config.put({
      kind: 'region-settings',
      id: 'west',
      body: { region: 'west', shards: 3 },
      actor: 'a',
      updatedAt: NOW.toISOString(),
      expectedVersion: 0,
    });
    const ingests = await world.ingest({
      'a.json': publisherRow(),
      'b.json': publisherRow({ id: 'x' }),
    });
    for (const { touched } of ingests) {
      expect(touched).toHaveLength(9);
      expect(touched.every(({ generation }) => generation === 1)).toBe(true);
    }
  });

  it('of plain, gzip and zstd bytes is the same, whatever the name says', async () => {
    const body = Array.from({ length: 50 }, (_, n) => publisherRow({ resource_id: `r${n}` })).join(
      '\n',
    );
    const halves = [body.slice(0, 4_000), body.slice(4_000)].map((half) => gzipSync(half));
    const world = ingestWorld();
    const ingests = await world.ingest({
      'plain.gz': body,
      'gzip.json': gzipSync(body),
      'members.gz': Buffer.concat(halves),
      zstd: zstdCompressSync(body),
    });
    for (const ingest of ingests) {
      expect(ingest).toMatchObject({ state: 'ingested', counts: { read: 50, accepted: 50 } });
    }
  });

  it('of damaged or cut off gzip takes nothing, and says so', async () => {
    const rows = Array.from({ length: 400 }, (_, n) =>
      publisherRow({ resource_id: `r${n}`, id: `${n * 7_919}` }),
    );
    const whole = gzipSync(rows.join('\n'));
    const cuts = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((part) =>
      Math.floor(whole.length * part),
    );
    const flipped = Buffer.from(whole);
    flipped[whole.length - 6] = (flipped[whole.length - 6] ?? 0) ^ 1;
    const files = Object.fromEntries(
      [...cuts, whole.length - 8, whole.length - 4, whole.length - 1].map((at) => [
        `cut-${at}`,
        whole.subarray(0, at),
      ]),
    );
    const junk = Buffer.concat([whole, Buffer.from('and more')]);
    const world = ingestWorld();
    for (const ingest of await world.ingest({ ...files, flipped, junk })) {
      expect(ingest).toMatchObject({ state: 'refused', counts: { read: 0 }, quarantineKey: null });
      expect(ingest.problem).toMatch(/gzip data is damaged or cut off.*send the whole file again/);
    }
    expect(await keysOf(world.ports.lake)).toEqual([]);
  });

  it('of a bomb stops early', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1_048_576));
    expect(bomb.length).toBeLessThan(300_000);
    const before = process.memoryUsage().rss;
    const [ingest] = await ingestWorld().ingest({ bomb });
    expect(ingest).toMatchObject({ state: 'refused' });
    expect(ingest?.problem).toMatch(/inflates to more than 300 times its size.*inflationRatioMax/);
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });

  it('is capped in inflated bytes, by a setting that the refusal names', async () => {
    const world = ingestWorld({ limits: { ...DEFAULT_LIMITS, inflatedBytesMax: 1_048_576 } });
    const [ingest] = await world.ingest({ 'a.gz': gzipSync('\n'.repeat(1_100_000)) });
    expect(ingest?.problem).toMatch(/more than 1 MiB.*inflatedBytesMax/);
  });

  it.each([
    { name: 'nothing', body: '', problem: /empty/ },
    { name: 'a truncated array', body: `[${publisherRow()},`, problem: /not closed/ },
    { name: 'UTF-16', body: Buffer.from('\ufeff{}', 'utf16le'), problem: /UTF-8/ },
    { name: 'noise', body: 'hello\nworld', problem: /format is not known.*hello/ },
    { name: 'an unknown object', body: '{"a":{"b":1}}', problem: /format is not known/ },
    { name: 'a number', body: '42', problem: /format is not known/ },
    { name: 'brackets without end', body: '['.repeat(1_000_000), problem: /not closed/ },
    {
      name: 'arrays in arrays',
      body: '['.repeat(400_000) + ']'.repeat(400_000),
      problem: /format is not known/,
    },
    {
      name: 'objects in objects',
      body: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
      problem: /format is not known/,
    },
    {
      name: 'objects in lists in objects',
      body: `${'{"a":[{"measures":'.repeat(20_000)}1${'}]}'.repeat(20_000)}`,
      problem: /format is not known/,
    },
    {
      name: 'an envelope that nests without end',
      body: `{"region":"west","metric":"cores","operation":"sum","granularity":60,"body":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`,
      problem: /format is not known/,
    },
    {
      name: 'a million keys',
      body: `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":${n}`).join(',')}}`,
      problem: /format is not known/,
    },
  ])('of $name is refused as a whole', async ({ body, problem }) => {
    const [ingest] = await ingestWorld().ingest({ x: body });
    expect(ingest).toMatchObject({ state: 'refused', touched: [] });
    expect(ingest?.problem).toMatch(problem);
  });

  it('of an empty array has no rows', async () => {
    const [ingest] = await ingestWorld().ingest({ x: ' [ ]\n' });
    expect(ingest).toMatchObject({ state: 'ingested', counts: { read: 0 }, touched: [] });
  });

  it('of one bad row tells why, though nothing else shows the format', async () => {
    const bad = publisherRow().replace('"volume":2', '"volume":NaN');
    const [ingest] = await ingestWorld().ingest({ x: bad });
    expect(ingest).toMatchObject({ state: 'ingested', counts: { read: 1, quarantined: 1 } });
  });

  it.each([
    ["{'name': 'vcpus', 'volume': 1}"],
    ['{"hypervisors": []}'],
    ['"ID","Resource ID","Name","Type","Volume","Unit","Timestamp"'],
  ])('takes the samples around a row of what cannot be taken: %s', async (stray) => {
    for (const rows of [
      [stray, publisherRow()],
      [publisherRow(), stray],
    ]) {
      const [ingest] = await ingestWorld().ingest({ 'a.jsonl': rows.join('\n') });
      expect(ingest).toMatchObject({
        state: 'ingested',
        counts: { read: 2, accepted: 1, quarantined: 1 },
      });
    }
  });

  it('of nothing but a row over 1 MiB says that it is too long', async () => {
    const row = publisherRow({ resource_metadata: { text: 'x'.repeat(1_048_576) } });
    const [ingest] = await ingestWorld().ingest({ 'a.jsonl': row });
    expect(ingest).toMatchObject({ state: 'refused', reasons: [{ code: 'row_too_long' }] });
  });

  it('measures a row in bytes, whatever its metadata looks like', async () => {
    const body = { body: 1, text: 'é'.repeat(600_000) };
    const rows = [publisherRow(), publisherRow({ id: 'b', resource_metadata: body })];
    const [ingest] = await ingestWorld().ingest({ 'a.jsonl': rows.join('\n') });
    expect(ingest?.reasons).toMatchObject([{ code: 'row_too_long', count: 1 }]);
  });

  it('keeps a row over 1 MiB out, and the rows around it in', async () => {
    const long = publisherRow({ resource_metadata: { body: 'x', note: 'x'.repeat(1_100_000) } });
    for (const body of [
      `${publisherRow()}\n${long}\n${messagingRow()}\n`,
      `[${publisherRow()},${long},${messagingRow()}]`,
    ]) {
      const [ingest] = await ingestWorld().ingest({ x: body });
      expect(ingest?.counts).toMatchObject({ read: 3, accepted: 1, duplicate: 1, quarantined: 1 });
      expect(ingest?.reasons[0]?.code).toBe('row_too_long');
    }
  });
});
