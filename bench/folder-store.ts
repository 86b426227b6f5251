import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareText } from '../lib/identifiers.ts';
import type { ObjectInfo, ObjectStore } from '../lib/ports/object-store.ts';

type FolderStore = Pick<ObjectStore, 'get' | 'head' | 'put' | 'download' | 'upload' | 'list'>;

/** A bucket on the local disk, so that what it holds is no memory of the process that is measured. */
export function folderStore(folder: string): FolderStore {
  const pathOf = (key: string) => join(folder, key);
  const head = async (key: string): Promise<ObjectInfo | null> => {
    const found = await stat(pathOf(key)).catch(() => null);
    return found === null ? null : { key, sizeBytes: found.size, putAt: found.mtime };
  };
  return {
    head,
    get: (key) => readFile(pathOf(key)).catch(() => null),
    async put(key, body) {
      await mkdir(dirname(pathOf(key)), { recursive: true });
      await writeFile(pathOf(key), body);
    },
    download: (key, path) =>
      copyFile(pathOf(key), path).then(
        () => true,
        () => false,
      ),
    async upload(key, path) {
      await mkdir(dirname(pathOf(key)), { recursive: true });
      await copyFile(path, pathOf(key));
    },
    async *list(prefix) {
      const entries = await readdir(folder, { recursive: true });
      for (const key of entries.filter((one) => one.startsWith(prefix)).toSorted(compareText)) {
        const info = await head(key);
        if (info !== null && (await stat(pathOf(key))).isFile()) yield info;
      }
    },
  };
}
