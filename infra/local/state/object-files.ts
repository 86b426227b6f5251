import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Persistence, StoredObject, StoredPart } from './fauxqs-parts.ts';

export const EMPTY: Buffer = Buffer.alloc(0);

/** Where the bytes of an object lie. The entity tag is in the name, so one file never changes. */
export function objectFile(
  directory: string,
  { bucket, key, eTag }: { readonly bucket: string; readonly key: string; readonly eTag: string },
): string {
  const name = createHash('sha256').update(`${bucket}/${key}`).digest('hex');
  return join(directory, 'objects', name.slice(0, 2), `${name}-${eTag.replaceAll('"', '')}`);
}

export interface FilePersistence extends Persistence {
  partBytes(uploadId: string, partNumber: number): number;
  /** Makes the parts one object, without holding more than one of them in memory. */
  completeFromParts(uploadId: string, bucket: string, whole: JoinedObject): void;
}

export interface JoinedObject {
  readonly object: StoredObject;
  readonly partNumbers: readonly number[];
}

/**
 * Keeps the properties of objects in fauxqs's SQLite file and their bytes in files beside it. A
 * file is whole before its row is committed, and an older file goes only after that: whatever
 * moment a kill chooses, a row and its bytes belong together.
 */
export function withObjectFiles(
  Base: new (directory: string) => Persistence,
  directory: string,
): FilePersistence {
  const partFile = (uploadId: string, partNumber: number) =>
    join(directory, 'parts', uploadId, String(partNumber));

  class Files extends Base implements FilePersistence {
    readonly #etag = this.db.prepare('SELECT etag FROM s3_objects WHERE bucket = ? AND key = ?');

    override upsertObject(bucket: string, object: StoredObject): void {
      this.#replace(bucket, object, (file) => writeFileSync(file, object.body));
    }

    override deleteObject(bucket: string, key: string): void {
      const file = this.#fileOf(bucket, key);
      super.deleteObject(bucket, key);
      if (file !== null) rmSync(file, { force: true });
    }

    override readBody(bucket: string, key: string): Buffer {
      const file = this.#fileOf(bucket, key);
      return file === null ? EMPTY : readFileSync(file);
    }

    override upsertMultipartPart(uploadId: string, part: StoredPart): void {
      const file = partFile(uploadId, part.partNumber);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, part.body);
      renameSync(`${file}.new`, file);
      super.upsertMultipartPart(uploadId, { ...part, body: EMPTY });
    }

    override deleteMultipartUpload(uploadId: string): void {
      super.deleteMultipartUpload(uploadId);
      rmSync(join(directory, 'parts', uploadId), { recursive: true, force: true });
    }

    partBytes(uploadId: string, partNumber: number): number {
      return statSync(partFile(uploadId, partNumber)).size;
    }

    completeFromParts(uploadId: string, bucket: string, whole: JoinedObject): void {
      const [first, ...rest] = whole.partNumbers.map((number) => partFile(uploadId, number));
      this.#replace(bucket, whole.object, (file) => {
        copyFileSync(first ?? '', file);
        for (const part of rest) appendFileSync(file, readFileSync(part));
      });
      this.deleteMultipartUpload(uploadId);
    }

    #replace(bucket: string, object: StoredObject, write: (file: string) => void): void {
      const before = this.#fileOf(bucket, object.key);
      const file = objectFile(directory, { bucket, key: object.key, eTag: object.etag });
      mkdirSync(dirname(file), { recursive: true });
      write(`${file}.new`);
      renameSync(`${file}.new`, file);
      super.upsertObject(bucket, { ...object, body: EMPTY });
      if (before !== null && before !== file) rmSync(before, { force: true });
    }

    #fileOf(bucket: string, key: string): string | null {
      const etag = this.#etag.get(bucket, key)?.['etag'];
      if (etag === undefined) return null;
      return objectFile(directory, { bucket, key, eTag: String(etag) });
    }
  }

  return new Files(directory);
}
