import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually, type RunningFixture, runFixture } from './running-fixture.ts';

let fixture: RunningFixture;
let Bucket: string;

// Other work on the machine may make everything several times slower.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

beforeAll(async () => {
  fixture = await runFixture();
  Bucket = fixture.bucket;
});

afterAll(async () => {
  await fixture.end();
});

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function get(Key: string): Promise<Uint8Array> {
  const { Body } = await fixture.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

describe('object storage', () => {
  it.each([
    'plain.json',
    'region=west/a b/ä€😀.json',
    'a%2Fb%25c+d?e#f&g=h',
    '../../escape',
    'x/../../../escape',
    'x//y/',
    `long/${'k'.repeat(900)}`,
    'quotes\'"()!*~',
  ])('keeps the key %s as it is', async (Key) => {
    const { s3 } = fixture.clients;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: `of ${Key}` }));
    expect(Buffer.from(await get(Key)).toString()).toBe(`of ${Key}`);
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
    expect(listed.Contents?.map((object) => object.Key)).toContain(Key);
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(get(Key)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuses a key above 1,024 bytes', async () => {
    const command = new PutObjectCommand({ Bucket, Key: 'é'.repeat(513), Body: '' });
    await expect(fixture.clients.s3.send(command)).rejects.toMatchObject({
      name: 'KeyTooLongError',
    });
  });

  it('lists all keys over pages, whatever their letter case', async () => {
    const { s3 } = fixture.clients;
    const keys = ['B', 'a', 'A', 'b', 'é', 'Z', 'z'].map((name) => `cases/${name}`);
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const seen: (string | undefined)[] = [];
    const pages = paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket, Prefix: 'cases/' });
    for await (const { Contents = [] } of pages) seen.push(...Contents.map(({ Key }) => Key));
    expect(seen).toEqual(['A', 'B', 'Z', 'a', 'b', 'z', 'é'].map((name) => `cases/${name}`));
  });

  it('takes an object beyond the embedded server’s limit in one put', async () => {
    const bytes = randomBytes(25 * 1024 * 1024 + 17);
    const { s3 } = fixture.clients;
    const Metadata = { origin: 'test' };
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'large',
        Body: bytes,
        ContentType: 'text/csv',
        Metadata,
      }),
    );
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'large' }));
    expect(head).toMatchObject({ ContentLength: bytes.length, ContentType: 'text/csv', Metadata });
    expect(digest(await get('large'))).toBe(digest(bytes));
  });

  it('takes a stream, which the SDK sends in chunks', async () => {
    const bytes = randomBytes(9 * 1024 * 1024);
    await fixture.clients.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'stream',
        Body: Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]),
        ContentLength: bytes.length,
      }),
    );
    expect(digest(await get('stream'))).toBe(digest(bytes));
  });

  it('gives a range', async () => {
    const { s3 } = fixture.clients;
    await s3.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    const part = await s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=2-4' }));
    expect(await part.Body?.transformToString()).toBe('234');
    expect(part.ContentRange).toBe('bytes 2-4/10');
  });

  it.each([
    { Range: 'bytes=8-', text: '89' },
    { Range: 'bytes=-3', text: '789' },
    { Range: 'bytes=5-99', text: '56789' },
  ])('gives $Range of ten digits', async ({ Range, text }) => {
    const { s3 } = fixture.clients;
    await s3.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
    expect(await Body?.transformToString()).toBe(text);
  });

  it('refuses a range behind the end', async () => {
    const { s3 } = fixture.clients;
    await s3.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    const behind = new GetObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=10-' });
    await expect(s3.send(behind)).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('gives an empty object, and one under the name that a presigned address asks for', async () => {
    const { s3 } = fixture.clients;
    await s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: '' }));
    const ResponseContentDisposition = 'attachment; filename="bill.csv"';
    const url = await getSignedUrl(
      s3,
      new GetObjectCommand({ Bucket, Key: 'empty', ResponseContentDisposition }),
    );
    const answer = await fetch(url);
    expect(answer.headers.get('content-disposition')).toBe(ResponseContentDisposition);
    expect(await answer.text()).toBe('');
  });

  it.each([
    { what: 'without a body', headers: {} },
    { what: 'of a type', headers: { 'content-type': 'application/json' } },
  ])('takes an empty file $what by a presigned address', async ({ what, headers }) => {
    const { s3 } = fixture.clients;
    const Key = `region=west/upload/by=ada%20l/empty ${what}`;
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key }), { expiresIn: 60 });
    const put = await fetch(url, { method: 'PUT', headers });
    expect([put.status, await put.text()]).toEqual([200, '']);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentLength: 0 });
    expect(await get(Key)).toHaveLength(0);
    expect(await eventually(() => fixture.item(Key))).toMatchObject({ size: 0, bytes: 0 });
  });

  it('takes an empty part of an upload by a presigned address', async () => {
    const { s3 } = fixture.clients;
    const Key = 'region=west/empty part';
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1 });
    const put = await fetch(await getSignedUrl(s3, part), { method: 'PUT' });
    expect(put.status).toBe(200);
    const Parts = [{ PartNumber: 1, ETag: put.headers.get('etag') ?? '' }];
    const whole = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
    await s3.send(new CompleteMultipartUploadCommand(whole));
    expect(await get(Key)).toHaveLength(0);
  });

  it('holds the preconditions of writes, one winner among many', async () => {
    const { s3 } = fixture.clients;
    const put = (Body: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' })).then(
        () => 'stored',
        (error: Error) => error.name,
      );
    const results = await Promise.all(['a', 'b', 'c', 'd'].map(put));
    expect(results.toSorted()).toEqual([...Array(3).fill('PreconditionFailed'), 'stored']);
    const IfMatch = '"00000000000000000000000000000000"';
    const stale = new PutObjectCommand({ Bucket, Key: 'once', Body: 'e', IfMatch });
    await expect(s3.send(stale)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('takes and gives objects by presigned addresses', async () => {
    const { s3 } = fixture.clients;
    const Key = 'region=west/upload/ü 1.json';
    const putUrl = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key }), { expiresIn: 60 });
    const put = await fetch(putUrl, { method: 'PUT', body: Buffer.alloc(12 * 1024 * 1024, 1) });
    expect(put.status).toBe(200);
    const item = await eventually(() => fixture.item(Key));
    expect(item).toMatchObject({ size: 12 * 1024 * 1024, bytes: 12 * 1024 * 1024 });
    const getUrl = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });
    const got = await fetch(getUrl);
    expect((await got.arrayBuffer()).byteLength).toBe(12 * 1024 * 1024);
  });

  it('raises the event of an upload in parts once, and of a copy', async () => {
    const { s3 } = fixture.clients;
    const Key = 'region=west/parts';
    const Body = randomBytes(17 * 1024 * 1024);
    await new Upload({
      client: s3,
      params: { Bucket, Key, Body },
      partSize: 8 * 1024 * 1024,
    }).done();
    await eventually(() => fixture.item(Key));
    const CopySource = encodeURI(`${Bucket}/${Key}`);
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'region=west/copy', CopySource }));
    const copy = await eventually(() => fixture.item('region=west/copy'));
    expect(copy).toMatchObject({ bytes: Body.length, size: Body.length });
    expect(digest(await get('region=west/copy'))).toBe(digest(Body));
    expect(await fixture.item(Key)).toMatchObject({ times: 1, size: Body.length });
  });
});
