import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryObjectStore } from '../../../lib/adapters/memory/object-store.ts';
import { ingestObjects } from '../../../lib/ingest/ingest-objects.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import { legacyRefusal } from './formats/nova-events.ts';
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

describe('ingesting', () => {
  it('counts what no host took once where a file comes again under another name', async () => {
    const world = ingestWorld();
    const rows = [legacyRefusal(), legacyRefusal({ instance_id: 'r2' })].join('\n');
    await world.ingest({ a: rows });
    await world.ingest({ b: rows, c: legacyRefusal({ instance_id: 'r3' }) });
    const days = await world.ports.importedDemand.list(WEST, 'refused', '2026-10-05', '2026-10-06');
    expect(days.map(({ hours }) => hours[10])).toEqual([3]);
  });

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
