import { readFile, writeFile } from 'node:fs/promises';
import { ProblemError } from '../../errors.ts';
import { compareText } from '../../identifiers.ts';
import type { ObjectInfo, ObjectStore } from '../../ports/object-store.ts';

interface Stored {
  readonly body: Uint8Array;
  readonly putAt: Date;
}

/** `now` gives the put times. */
export function memoryObjectStore(now: () => Date = () => new Date()): ObjectStore {
  const objects = new Map<string, Stored>();
  const info = (key: string, { body, putAt }: Stored): ObjectInfo => ({
    key,
    sizeBytes: body.byteLength,
    putAt,
  });
  const put: ObjectStore['put'] = async (key, body, options) => {
    if (options?.ifAbsent === true && objects.has(key)) {
      throw new ProblemError('conflict', `The object "${key}" exists already.`);
    }
    objects.set(key, { body: Uint8Array.from(body), putAt: now() });
  };
  return {
    put,
    async get(key) {
      const stored = objects.get(key);
      return stored ? Uint8Array.from(stored.body) : null;
    },
    async open(key) {
      const stored = objects.get(key);
      return stored ? { ...info(key, stored), body: chunks(stored.body) } : null;
    },
    async head(key) {
      const stored = objects.get(key);
      return stored ? info(key, stored) : null;
    },
    async download(key, path) {
      const stored = objects.get(key);
      if (stored) await writeFile(path, stored.body);
      return stored !== undefined;
    },
    async upload(key, path, options) {
      await put(key, await readFile(path), options);
    },
    async *list(prefix, startAfter) {
      const keys = [...objects.keys()]
        .filter((key) => key.startsWith(prefix))
        .filter((key) => startAfter === undefined || compareText(key, startAfter) > 0);
      for (const key of keys.toSorted(compareText)) {
        const stored = objects.get(key);
        if (stored) yield info(key, stored);
      }
    },
    async delete(key) {
      objects.delete(key);
    },
    async presignGet(key, { expiresSeconds }) {
      return `memory:///${encodeURIComponent(key)}?method=GET&expires=${expiresSeconds}`;
    },
    async presignPut(key, { expiresSeconds }) {
      return `memory:///${encodeURIComponent(key)}?method=PUT&expires=${expiresSeconds}`;
    },
  };
}

/** In pieces, so that nobody comes to rely on an object arriving in one. */
async function* chunks(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < body.byteLength; start += 65_536) {
    yield body.slice(start, start + 65_536);
  }
}
