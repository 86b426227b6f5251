import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryObjectStore } from '../../../lib/adapters/memory/object-store.ts';
import { ingestObjects } from '../../../lib/ingest/ingest-objects.ts';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import { ingestWorld, NOW, WEST } from './ingest-world.ts';
import { messagingRow, publisherRow } from './samples.ts';

const MESSY = join(import.meta.dirname, '../../cases/metering/messy');
const messyFiles = Object.fromEntries(
  readdirSync(MESSY)
    .filter((name) => !name.startsWith('expected'))
    .map((name) => [name, readFileSync(join(MESSY, name))]),
);

async function keysOf(store: ObjectStore): Promise<string[]> {
  return (await Array.fromAsync(store.list(''))).map(({ key }) => key);
}

function notice(key: string) {
  return { key, sizeBytes: 1, eventTime: NOW };
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

describe('ingesting', () => {
  it('counts the same for every order of the rows and every way to cut the file', async () => {
    const rows = readFileSync(join(MESSY, 'a.jsonl'), 'utf8').trim().split('\n').slice(0, 300);
    const all = [...rows, ...rows.slice(0, 40)];
    const [expected] = await ingestWorld().ingest({ x: all.join('\n') });
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (shuffled) => {
        const [ingest] = await ingestWorld().ingest({ x: `[${shuffled.join(',\n')}]` });
        expect(ingest?.counts).toEqual(expected?.counts);
      }),
      { numRuns: 5 },
    );
  });

  it('the messy cases accounts for every row', async () => {
    const ingests = await ingestWorld().ingest(messyFiles);
    expect(ingests.map(({ counts }) => counts.read)).toEqual([1_249, 1_249, 1_249, 1_248, 1_248]);
    for (const { counts, state } of ingests) {
      expect(state).toBe('ingested');
      expect(counts.quarantined).toBe(0);
      expect(counts.accepted + counts.duplicate + counts.conflict).toBe(counts.read);
    }
  });

  it('again changes nothing: not the parts, not the ledger, not the generations', {
    timeout: 120_000,
  }, async () => {
    const world = ingestWorld();
    await world.ingest(messyFiles);
    const keys = Object.keys(messyFiles).map((name) => `region=west/2026-11-21/${name}`);
    const snapshot = async () => ({
      lake: await keysOf(world.ports.lake),
      ledger: await Promise.all(keys.map((key) => world.ports.ledger.findByKey(WEST, key))),
      partitions: await world.ports.partitions.list(WEST, '2026-01-01', '2027-01-01'),
    });
    const before = await snapshot();
    await ingestObjects(world.ports, keys.toReversed().map(notice));
    await ingestObjects(world.ports, [...keys, ...keys].map(notice));
    expect(await snapshot()).toEqual(before);
  });

  it('an object that was put anew under its key is a second ingest', async () => {
    let now = NOW;
    const landing = memoryObjectStore(() => now);
    const world = ingestWorld({ landing });
    const [first] = await world.ingest({ x: publisherRow() });
    now = new Date(NOW.getTime() + 60_000);
    const [second] = await world.ingest({ x: publisherRow({ volume: 9 }) });
    expect(second?.id).not.toBe(first?.id);
    expect(await world.ports.ledger.get(first?.id ?? '')).toMatchObject({ state: 'ingested' });
    expect(await world.ports.lakeIndex.list(WEST, '2026-10-05')).toHaveLength(2);
  });

  it('an object that was put anew within the same second is a second ingest, too', async () => {
    const world = ingestWorld();
    const [first] = await world.ingest({ x: publisherRow() });
    const [second] = await world.ingest({ x: publisherRow({ volume: 9 }) });
    for (const { id } of [first, second].filter((ingest) => ingest !== undefined)) {
      expect(await world.ports.ledger.get(id)).toMatchObject({ state: 'ingested' });
    }
    expect(await world.ports.lakeIndex.list(WEST, '2026-10-05')).toHaveLength(2);
  });

  it.each([
    { name: 'a.jsonl', actor: 'landing' },
    { name: 'by=ada/a.jsonl', actor: 'landing' },
    { name: 'upload/u/a.jsonl', actor: 'anonymous' },
    { name: 'upload/by=a%2Fb%20c/u/a.jsonl', actor: 'a/b c' },
    { name: 'upload/u/by=ada/a.jsonl', actor: 'anonymous' },
    { name: 'http/a.json', actor: 'anonymous' },
    { name: 'http/by=ada/a.json', actor: 'ada' },
    { name: 'http/by=/a.json', actor: 'anonymous' },
    { name: 'http/by=%E0%A4/a.json', actor: 'anonymous' },
    { name: 'http/by=a%0Ab/a.json', actor: 'anonymous' },
  ])('an object at $name was sent by $actor', async ({ name, actor }) => {
    const [ingest] = await ingestWorld().ingest({ [name]: publisherRow() });
    expect(ingest).toMatchObject({ state: 'ingested', actor });
  });

  it('an object that was deleted meanwhile ends as refused', async () => {
    const world = ingestWorld();
    const key = 'region=west/2026-11-21/gone';
    expect(await ingestObjects(world.ports, [notice(key)])).toEqual([]);
    const ingest = await world.ports.ledger.findByKey(WEST, key);
    expect(ingest).toMatchObject({ state: 'refused', problem: expect.stringMatching(/deleted/) });
    await world.ingest({ gone: publisherRow() });
    expect(await world.ports.ledger.findByKey(WEST, key)).toMatchObject({ state: 'ingested' });
  });

  it.each([
    'samples.jsonl',
    'region=/2026-10-05/x',
    'region=we st/2026-10-05/x',
    'region=west/x',
    'region=west/2026-13-05/x',
    'region=../../etc/2026-10-05/x',
    'region=west/2026-10-05/',
  ])('an object at %s shows in the ledger as refused, without its region', async (key) => {
    const world = ingestWorld();
    await world.ports.landing.put(key, Buffer.from(publisherRow()));
    expect(await ingestObjects(world.ports, [notice(key)])).toEqual([]);
    const { items } = await world.ports.ledger.list({
      region: 'unknown' as typeof WEST,
      limit: 10,
    });
    expect(items).toMatchObject([
      { key, state: 'refused', problem: expect.stringMatching(/region=<region>/) },
    ]);
    expect(await world.ports.regions.list()).toEqual([]);
  });

  it('one object that cannot be read fails alone', async () => {
    const landing = memoryObjectStore(() => NOW);
    const failing: ObjectStore = {
      ...landing,
      async open(key) {
        const found = await landing.open(key);
        if (!found || !key.endsWith('poison')) return found;
        const body = (async function* () {
          yield Buffer.from(`${publisherRow({ resource_id: 'half' })}\n`);
          throw new Error('the connection broke');
        })();
        return { ...found, body };
      },
    };
    const world = ingestWorld({ landing: failing });
    const keys = ['a', 'poison', 'b'].map((name) => `region=west/2026-11-21/${name}`);
    for (const key of keys) await landing.put(key, Buffer.from(publisherRow()));
    const failures = await ingestObjects(world.ports, keys.map(notice));
    expect(failures.map(({ key }) => key)).toEqual([keys[1]]);
    for (const key of [keys[0], keys[2]]) {
      expect(await world.ports.ledger.findByKey(WEST, key ?? '')).toMatchObject({
        state: 'ingested',
      });
    }
    expect(await world.ports.lakeIndex.list(WEST, '2026-10-05')).toMatchObject([{ rows: 2 }]);
  });

  it('commits an object at a time where the commit of all fails', async () => {
    const world = ingestWorld();
    const { lake } = world.ports;
    const failing: ObjectStore = {
      ...lake,
      async upload(key, path, options) {
        if (key.includes('region=east')) throw new Error('no');
        await lake.upload(key, path, options);
      },
    };
    const ports = { ...world.ports, lake: failing };
    const keys = ['west', 'east', 'north'].map((region) => `region=${region}/2026-11-21/x`);
    for (const key of keys) await ports.landing.put(key, Buffer.from(publisherRow()));
    const failures = await ingestObjects(ports, keys.map(notice));
    expect(failures.map(({ key }) => key)).toEqual(['region=east/2026-11-21/x']);
    expect(await world.ports.ledger.findByKey(WEST, keys[0] ?? '')).toMatchObject({
      state: 'ingested',
    });
  });

  it('leaves, when it stops after any step, what a retry makes whole', async () => {
    const steps = ['upload', 'put', 'add', 'touch', 'wakeMetering', 'ledger'] as const;
    for (const step of steps) {
      const world = ingestWorld();
      const stop = async () => {
        throw new Error('stopped');
      };
      const { lake, lakeIndex, partitions, ledger } = world.ports;
      const broken = {
        ...world.ports,
        lake: { ...lake, ...(step === 'upload' || step === 'put' ? { [step]: stop } : {}) },
        lakeIndex: step === 'add' ? { ...lakeIndex, add: stop } : lakeIndex,
        partitions: step === 'touch' ? { ...partitions, touch: stop } : partitions,
        messages: step === 'wakeMetering' ? { wakeMetering: stop } : world.ports.messages,
        ledger:
          step === 'ledger'
            ? {
                ...ledger,
                put: (one: Parameters<typeof ledger.put>[0]) =>
                  one.state === 'running' ? ledger.put(one) : stop(),
              }
            : ledger,
      };
      const key = 'region=west/2026-11-21/x';
      await world.ports.landing.put(key, Buffer.from(publisherRow()));
      expect(await ingestObjects(broken, [notice(key)])).toHaveLength(1);
      expect(await ledger.findByKey(WEST, key), step).toMatchObject({ state: 'running' });
      expect(await ingestObjects(world.ports, [notice(key)])).toEqual([]);
      const ingest = await ledger.findByKey(WEST, key);
      expect(ingest).toMatchObject({ state: 'ingested', counts: { accepted: 1 } });
      const parts = await lakeIndex.list(WEST, '2026-10-05');
      expect(parts).toMatchObject([{ rows: 1 }]);
      expect(await lake.get(parts[0]?.key ?? '')).not.toBeNull();
      const state = await partitions.get({ region: WEST, date: '2026-10-05', shard: 0 });
      expect(state?.generation).toBeGreaterThanOrEqual(
        ingest?.touched.find(({ date }) => date === '2026-10-05')?.generation ?? 99,
      );
      expect(world.ports.messages.wakeUps.length).toBeGreaterThan(0);
    }
  });

  it('survives any damage to a file, and accounts for every row that it reads', async () => {
    const base = [
      Buffer.from([publisherRow(), messagingRow(), publisherRow({ resource_id: 'r2' })].join('\n')),
      Buffer.from(`[${publisherRow()},\n${messagingRow()}]`),
      gzipSync([publisherRow(), messagingRow()].join('\n')),
    ];
    const damage = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        byte: fc.integer({ min: 0, max: 255 }),
        cut: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...base), damage), { minLength: 8, maxLength: 8 }),
        async (files) => {
          const bodies = files.map(([body, changes]) => {
            let bytes = Buffer.from(body);
            for (const { at, byte, cut } of changes) {
              const index = Math.floor(at * (bytes.length - 1));
              if (cut)
                bytes = Buffer.concat([
                  bytes.subarray(0, index),
                  bytes.subarray(index + 1 + (byte % 5)),
                ]);
              else bytes[index] = byte;
            }
            return bytes;
          });
          const ingests = await ingestWorld().ingest(
            Object.fromEntries(bodies.map((body, index) => [`f${index}`, body])),
          );
          for (const { counts, state, problem } of ingests) {
            expect(counts.accepted + counts.duplicate + counts.conflict + counts.quarantined).toBe(
              counts.read,
            );
            if (state === 'refused') expect(problem).toMatch(/\w/);
            else expect(state).toBe('ingested');
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
