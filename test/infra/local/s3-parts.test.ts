import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAwsChunked, inPieces } from '../../../infra/local/s3/aws-chunked.ts';
import { matches, toS3Event } from '../../../infra/local/s3/event.ts';
import { IntentJournal } from '../../../infra/local/s3/intent-journal.ts';
import { objectPath, parseTarget } from '../../../infra/local/s3/object-target.ts';
import { listInKeyOrder } from '../../../infra/local/state/listing.ts';

async function* pieces(body: Buffer, sizes: readonly number[]) {
  let from = 0;
  for (const size of sizes) {
    if (from < body.length) yield body.subarray(from, from + size);
    from += size;
  }
  if (from < body.length) yield body.subarray(from);
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const collected: Buffer[] = [];
  for await (const piece of body) collected.push(Buffer.from(piece));
  return collected;
}

function chunked(chunks: readonly Uint8Array[]): Buffer {
  const framed = chunks
    .filter(({ length }) => length > 0)
    .flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)};chunk-signature=0\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]);
  return Buffer.concat([...framed, Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')]);
}

describe('aws-chunked bodies', () => {
  it('give back what was put in, however the network cuts them', async () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        async (chunks, cuts) => {
          const decoded = await collect(decodeAwsChunked(pieces(chunked(chunks), cuts)));
          expect(Buffer.concat(decoded)).toEqual(Buffer.concat(chunks));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are cut into pieces of one size, the last one shorter', async () => {
    const body = Buffer.from('abcdefghijk');
    const cut = await collect(inPieces(pieces(body, [2, 7, 1]), 4));
    expect(cut.map(String)).toEqual(['abcd', 'efgh', 'ijk']);
  });
});

describe('S3 addresses', () => {
  it.each([
    { url: '/bucket/a%20b?x=1', host: '127.0.0.1:9', bucket: 'bucket', key: 'a b' },
    { url: '/bucket', host: 'localhost:9', bucket: 'bucket', key: '' },
    { url: '/k/e%2Fy', host: 'bucket.localhost:9', bucket: 'bucket', key: 'k/e/y' },
    { url: '/k', host: 'bucket.s3.localhost:9', bucket: 'bucket', key: 'k' },
    { url: '/bucket/k', host: 's3.localhost', bucket: 'bucket', key: 'k' },
  ])('$host$url is $key in $bucket', ({ url, host, bucket, key }) => {
    expect(parseTarget(url, host)).toMatchObject({ bucket, key });
  });

  it('lead back to the key that they were made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        expect(parseTarget(objectPath('bucket', key), '127.0.0.1').key).toBe(key);
      }),
    );
  });
});

describe('S3 events', () => {
  const created = {
    bucket: 'landing',
    key: 'region=west/2026-11-21/ä b+(c).json',
    kind: 'Put',
    sizeBytes: 12,
    eTag: '0cc175b9c0f1b6a831c399e269772661',
    at: new Date('2026-11-21T10:11:12.131Z'),
    sequencer: '00AB',
  } as const;

  it('have the form of AWS, with the key encoded as in forms', () => {
    expect(toS3Event(created, 'eu-central-1')).toEqual({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'eu-central-1',
          eventTime: '2026-11-21T10:11:12.131Z',
          eventName: 'ObjectCreated:Put',
          userIdentity: { principalId: 'local' },
          requestParameters: { sourceIPAddress: '127.0.0.1' },
          responseElements: { 'x-amz-request-id': '00AB', 'x-amz-id-2': 'local' },
          s3: {
            s3SchemaVersion: '1.0',
            configurationId: 'local',
            bucket: {
              name: 'landing',
              ownerIdentity: { principalId: 'local' },
              arn: 'arn:aws:s3:::landing',
            },
            object: {
              key: 'region%3Dwest/2026-11-21/%C3%A4+b%2B%28c%29.json',
              size: 12,
              eTag: '0cc175b9c0f1b6a831c399e269772661',
              sequencer: '00AB',
            },
          },
        },
      ],
    });
  });

  it.each([
    { events: ['s3:ObjectCreated:*'], prefix: 'region=', suffix: '.json', wanted: true },
    { events: ['s3:ObjectCreated:Put'], prefix: '', suffix: '', wanted: true },
    { events: ['s3:ObjectCreated:Copy'], prefix: '', suffix: '', wanted: false },
    { events: ['s3:ObjectCreated:*'], prefix: 'lake/', suffix: '', wanted: false },
    { events: ['s3:ObjectCreated:*'], prefix: '', suffix: '.gz', wanted: false },
  ])('of $events under "$prefix" with "$suffix" is wanted: $wanted', ({ wanted, ...given }) => {
    expect(matches({ queueArn: 'q', ...given }, created)).toBe(wanted);
  });
});

describe('the journal of intents', () => {
  it('remembers what was opened and not closed, past a torn line', () => {
    const directory = mkdtempSync(join(tmpdir(), 'headroom-journal-'));
    const file = join(directory, 'journal.jsonl');
    const journal = new IntentJournal(file);
    const first = journal.open({ bucket: 'b', key: 'first', kind: 'Put' });
    const second = journal.open({ bucket: 'b', key: 'second\n', kind: 'Copy' });
    journal.close(first);
    journal.end();
    appendFileSync(file, '{"id":3,"buck');
    const again = new IntentJournal(file);
    expect(again.pending).toEqual([second]);
    expect(again.open({ bucket: 'b', key: 'third', kind: 'Put' }).id).toBeGreaterThan(second.id);
    again.end();
    rmSync(directory, { recursive: true });
  });
});

describe('listings', () => {
  const object = (key: string) => ({
    key,
    body: Buffer.alloc(0),
    contentType: '',
    contentLength: 0,
    etag: '',
    lastModified: new Date(0),
    metadata: {},
  });
  const keys = fc.uniqueArray(
    fc.string({
      unit: fc.constantFrom('a', 'B', '/', 'é', '\u{fffd}', '\u{1f600}'),
      minLength: 1,
      maxLength: 5,
    }),
    { maxLength: 30 },
  );

  it('are in the order of bytes, and their pages join to the whole', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 7 }), (given, maxKeys) => {
        const seen: string[] = [];
        for (let more = true; more; ) {
          const startAfter = seen.at(-1) ?? '';
          const page = listInKeyOrder(given.map(object), { maxKeys, startAfter });
          seen.push(...page.objects.map(({ key }) => key));
          more = page.isTruncated;
        }
        expect(seen).toEqual(
          given.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))),
        );
      }),
    );
  });

  it('gather what lies below a delimiter', () => {
    const objects = ['a', 'b/1', 'b/2', 'c/1', 'd'].map(object);
    const listed = listInKeyOrder(objects, { delimiter: '/' });
    expect(listed.objects.map(({ key }) => key)).toEqual(['a', 'd']);
    expect(listed.commonPrefixes).toEqual(['b/', 'c/']);
    const after = listInKeyOrder(objects, { delimiter: '/', startAfter: 'b/' });
    expect(after.commonPrefixes).toEqual(['c/']);
  });
});
