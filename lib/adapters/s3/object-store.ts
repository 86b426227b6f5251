import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectInfo, ObjectStore, OpenObject } from '../../ports/object-store.ts';
import { listObjects } from './listing.ts';
import { isMissing, putBytes, putFile } from './upload.ts';

export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
}

export function s3ObjectStore(bucket: Bucket): ObjectStore {
  const { client } = bucket;
  const at = (key: string) => ({ Bucket: bucket.name, Key: key });
  return {
    async get(key) {
      const answer = await orNull(client.send(new GetObjectCommand(at(key))));
      return (await answer?.Body?.transformToByteArray()) ?? null;
    },
    open: (key) => openObject(bucket, key),
    async head(key) {
      const answer = await orNull(client.send(new HeadObjectCommand(at(key))));
      return answer === null ? null : infoOf(key, answer);
    },
    put: (key, body, options = {}) => putBytes(bucket, { key, body, options }),
    upload: (key, path, options = {}) => putFile(bucket, { key, path, options }),
    async download(key, path) {
      const found = await openObject(bucket, key);
      if (found === null) return false;
      try {
        await pipeline(found.body, createWriteStream(path));
      } catch (error) {
        // Half a file must not be taken for the object.
        await rm(path, { force: true });
        throw error;
      }
      return true;
    },
    list: (prefix, startAfter) => listObjects(bucket, prefix, startAfter),
    async delete(key) {
      await client.send(new DeleteObjectCommand(at(key)));
    },
    presignGet: (key, { expiresSeconds, fileName }) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          ...at(key),
          ...(fileName === undefined ? {} : { ResponseContentDisposition: attachment(fileName) }),
        }),
        { expiresIn: expiresSeconds },
      ),
    presignPut: (key, { expiresSeconds }) =>
      getSignedUrl(client, new PutObjectCommand(at(key)), { expiresIn: expiresSeconds }),
  };
}

async function openObject({ client, name }: Bucket, key: string): Promise<OpenObject | null> {
  const answer = await orNull(client.send(new GetObjectCommand({ Bucket: name, Key: key })));
  if (!answer?.Body) return null;
  return { ...infoOf(key, answer), body: answer.Body as unknown as AsyncIterable<Uint8Array> };
}

function infoOf(
  key: string,
  answer: {
    readonly ContentLength?: number | undefined;
    readonly LastModified?: Date | undefined;
    readonly ETag?: string | undefined;
  },
): ObjectInfo {
  return {
    key,
    sizeBytes: answer.ContentLength ?? 0,
    putAt: answer.LastModified ?? new Date(0),
    ...(answer.ETag === undefined ? {} : { etag: answer.ETag }),
  };
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** RFC 6266: the plain name for old clients, the exact one in UTF-8. */
function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^\w. -]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}
