import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Persistence, StoredObject } from './fauxqs-parts.ts';

const EMPTY = Buffer.alloc(0);

/**
 * Keeps the properties of objects in fauxqs's SQLite file and their bytes in files beside it. A
 * file is whole before its row is committed, and an older file goes only after that: whatever
 * moment a kill chooses, a row and its bytes belong together.
 */
export function withObjectFiles(
  Base: new (directory: string) => Persistence,
  directory: string,
): Persistence {
  const objects = join(directory, 'objects');
  const fileOf = (bucket: string, key: string, etag: string) => {
    const name = createHash('sha256').update(`${bucket}/${key}`).digest('hex');
    return join(objects, name.slice(0, 2), `${name}-${etag.replaceAll('"', '')}`);
  };

  class FilePersistence extends Base {
    readonly #etag = this.db.prepare('SELECT etag FROM s3_objects WHERE bucket = ? AND key = ?');

    override upsertObject(bucket: string, object: StoredObject): void {
      const before = this.#fileOf(bucket, object.key);
      const file = fileOf(bucket, object.key, object.etag);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.part`, object.body);
      renameSync(`${file}.part`, file);
      super.upsertObject(bucket, { ...object, body: EMPTY });
      if (before !== null && before !== file) rmSync(before, { force: true });
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

    #fileOf(bucket: string, key: string): string | null {
      const etag = this.#etag.get(bucket, key)?.['etag'];
      return etag === undefined ? null : fileOf(bucket, key, String(etag));
    }
  }

  return new FilePersistence(directory);
}
