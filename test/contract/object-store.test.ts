import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { embeddedBucket } from './embedded.ts';

const MIB = 1024 * 1024;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headroom-objects-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('objects, in memory', () => {
  const store = memoryObjectStore();
  laws(() => store);

  it('refuse to be put over when they must be absent', async () => {
    await store.put('bills/a.json', Buffer.from('1'), { ifAbsent: true });
    await expect(
      store.put('bills/a.json', Buffer.from('2'), { ifAbsent: true }),
    ).rejects.toMatchObject({ kind: 'conflict' });
    expect(await store.get('bills/a.json')).toEqual(new Uint8Array(Buffer.from('1')));
  });
});

// The embedded S3 ignores preconditions; test/adapters/s3 shows how their answers are taken.
describe('objects, in S3', () => {
  let server: Awaited<ReturnType<typeof embeddedBucket>>;
  let store: ObjectStore;
  beforeAll(async () => {
    server = await embeddedBucket();
    store = s3ObjectStore(server.bucket);
  });
  afterAll(() => server.stop());
  laws(() => store);

  it('go up and come down by presigned addresses', async () => {
    const key = 'region=west/2026-10-05/upload/a b+c.json';
    const up = await store.presignPut(key, { expiresSeconds: 60 });
    expect(up).not.toContain('checksum');
    expect((await fetch(up, { method: 'PUT', body: '[]' })).status).toBe(200);
    const down = await store.presignGet(key, { expiresSeconds: 60, fileName: 'Müller "x".json' });
    expect(new URL(down).searchParams.get('response-content-disposition')).toBe(
      `attachment; filename="M_ller _x_.json"; filename*=UTF-8''M%C3%BCller%20%22x%22.json`,
    );
    expect(await (await fetch(down)).text()).toBe('[]');
  });
});

function laws(store: () => ObjectStore): void {
  it.each([
    { name: 'nothing', bytes: 0 },
    { name: 'a few bytes', bytes: 5 },
    { name: 'one part', bytes: 8 * MIB },
    { name: 'more than one part', bytes: 8 * MIB + 1 },
    { name: 'several parts', bytes: 21 * MIB },
  ])('come back as they were put: $name', async ({ bytes }) => {
    const key = `samples/region=west/${bytes}.parquet`;
    const body = randomBytes(bytes);
    await store().put(key, body);
    expect(Buffer.compare((await store().get(key)) ?? new Uint8Array(1), body)).toBe(0);
    expect(await store().head(key)).toMatchObject({ key, sizeBytes: bytes });
    const opened = await store().open(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened?.body ?? []) chunks.push(chunk);
    expect(opened).toMatchObject({ key, sizeBytes: bytes });
    expect(Buffer.compare(Buffer.concat(chunks), body)).toBe(0);
  });

  it('know when they were put', async () => {
    const before = Date.now();
    await store().put('timed', Buffer.from('x'));
    const putAt = (await store().head('timed'))?.putAt.getTime() ?? 0;
    expect(putAt).toBeGreaterThanOrEqual(Math.floor(before / 1_000) * 1_000);
    expect(putAt).toBeLessThanOrEqual(Date.now());
  });

  it('are null where there are none', async () => {
    expect(await store().get('none')).toBeNull();
    expect(await store().head('none')).toBeNull();
    expect(await store().open('none')).toBeNull();
    expect(await store().download('none', join(directory, 'none'))).toBe(false);
    await expect(readFile(join(directory, 'none'))).rejects.toThrow('ENOENT');
  });

  it.each([{ bytes: 100 }, { bytes: 20 * MIB }])(
    'go from file to file: $bytes bytes',
    async ({ bytes }) => {
      const [from, to] = [join(directory, `from-${bytes}`), join(directory, `to-${bytes}`)];
      const body = randomBytes(bytes);
      await writeFile(from, body);
      await store().upload(`files/${bytes}`, from, { contentType: 'application/octet-stream' });
      expect(await store().download(`files/${bytes}`, to)).toBe(true);
      expect(Buffer.compare(await readFile(to), body)).toBe(0);
    },
  );

  it('are listed by prefix, over pages, after a key', async () => {
    const keys = Array.from(
      { length: 1_205 },
      (_, index) => `many/${index.toString().padStart(5, '0')}`,
    );
    for (let start = 0; start < keys.length; start += 50) {
      await Promise.all(
        keys.slice(start, start + 50).map((key) => store().put(key, Buffer.from(key))),
      );
    }
    await store().put('mango', Buffer.from('not of the prefix'));
    const listed = await Array.fromAsync(store().list('many/'));
    expect(listed.map(({ key }) => key)).toEqual(keys);
    expect(listed[7]).toMatchObject({ sizeBytes: 10 });
    expect(listed[7]?.putAt).toBeInstanceOf(Date);
    const rest = await Array.fromAsync(store().list('many/', 'many/01200'));
    expect(rest.map(({ key }) => key)).toEqual(keys.slice(1_201));
    expect(await Array.fromAsync(store().list('none/'))).toEqual([]);
  });

  it('are replaced as a whole, and deleted', async () => {
    await store().put('usage/a', Buffer.from('first'));
    await store().put('usage/a', Buffer.from('2nd'));
    expect(Buffer.from((await store().get('usage/a')) ?? []).toString()).toBe('2nd');
    await store().delete('usage/a');
    await store().delete('usage/a');
    expect(await store().get('usage/a')).toBeNull();
  });

  it('keep keys that need encoding', async () => {
    const key = 'region=west/2026-10-05/ä +&%2F=?#.json';
    await store().put(key, Buffer.from('x'));
    expect(await store().head(key)).toMatchObject({ key, sizeBytes: 1 });
    const listed = await Array.fromAsync(store().list('region=west/2026-10-05/ä'));
    expect(listed.map((object) => object.key)).toEqual([key]);
  });
}
