import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ProblemError } from '../../errors.ts';
import type { PutOptions } from '../../ports/object-store.ts';
import type { Bucket } from './object-store.ts';

/** Larger bodies go in parts of this size: a request stays small, and a lost one costs little. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const RACE_ATTEMPTS_MAX = 5;

export async function putBytes(
  bucket: Bucket,
  { key, body, options }: { key: string; body: Uint8Array; options: PutOptions },
): Promise<void> {
  const input = inputOf(bucket, key, options);
  const put = () =>
    body.byteLength <= PART_BYTES
      ? bucket.client.send(new PutObjectCommand({ ...input, Body: body }))
      : inParts(bucket, {
          ...input,
          Body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
        });
  await unlessPresent(put, async () => {
    const present = await bucket.client.send(
      new GetObjectCommand({ Bucket: bucket.name, Key: key }),
    );
    const bytes = (await present.Body?.transformToByteArray()) ?? new Uint8Array();
    // The same bytes: the repetition of a put whose answer was lost.
    if (Buffer.compare(bytes, body) !== 0) throw exists(key);
  });
}

export async function putFile(
  bucket: Bucket,
  { key, path, options }: { key: string; path: string; options: PutOptions },
): Promise<void> {
  const { size } = await stat(path);
  if (size <= PART_BYTES) return putBytes(bucket, { key, body: await readFile(path), options });
  const input = inputOf(bucket, key, options);
  await unlessPresent(
    () =>
      inParts(bucket, { ...input, Body: createReadStream(path, { highWaterMark: PART_BYTES }) }),
    async () => {
      throw exists(key);
    },
  );
}

function inputOf(bucket: Bucket, key: string, { contentType, ifAbsent }: PutOptions) {
  return {
    Bucket: bucket.name,
    Key: key,
    ChecksumAlgorithm: 'CRC32' as const,
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(ifAbsent === true ? { IfNoneMatch: '*' } : {}),
  };
}

function inParts({ client }: Bucket, params: PutObjectCommandInput): Promise<unknown> {
  return new Upload({
    client,
    params,
    partSize: PART_BYTES,
    queueSize: PARTS_AT_ONCE,
    leavePartsOnError: false,
  }).done();
}

/** 412 means that the object is there; 409 that another put races, which is tried again. */
async function unlessPresent(put: () => Promise<unknown>, onPresent: () => Promise<void>) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await put();
      return;
    } catch (error) {
      if (nameOf(error) === 'PreconditionFailed') return onPresent();
      if (nameOf(error) !== 'ConditionalRequestConflict' || attempt === RACE_ATTEMPTS_MAX)
        throw error;
      await setTimeout(Math.random() * 100 * 2 ** attempt);
    }
  }
}

/** Whether S3 said that there is no such object. */
export function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function exists(key: string): ProblemError {
  return new ProblemError('conflict', `The object "${key}" exists already.`);
}
