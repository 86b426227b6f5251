import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { assert } from '../../assert.ts';
import type { ObjectInfo } from '../../ports/object-store.ts';
import type { Bucket } from './object-store.ts';

/** Page after page of up to 1,000 keys, in the order of their UTF-8 bytes, as S3 gives them. */
export async function* listObjects(
  bucket: Bucket,
  prefix: string,
  startAfter: string | undefined,
): AsyncGenerator<ObjectInfo> {
  let token: string | undefined;
  do {
    const page = await bucket.client.send(
      new ListObjectsV2Command({
        Bucket: bucket.name,
        Prefix: prefix,
        StartAfter: startAfter,
        ContinuationToken: token,
      }),
    );
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      assert(Key !== undefined && LastModified !== undefined, 'S3 lists objects with key and time');
      yield { key: Key, sizeBytes: Size ?? 0, putAt: LastModified };
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
