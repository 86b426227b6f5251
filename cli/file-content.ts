import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** What stands before and after the content of a file in its envelope. */
export function halves(head: Readonly<Record<string, unknown>>): { before: string; after: string } {
  return { before: `${JSON.stringify(head).slice(0, -1)},"body":`, after: '}\n' };
}

/** Of a small file: unzipped, without byte order mark. @throws Error when it is none */
export async function contentOf(file: string): Promise<Uint8Array> {
  await sizeOfFile(file);
  const bytes = await readFile(file);
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return content[0] === 0xef && content[1] === 0xbb ? content.subarray(3) : content;
}

/** @throws Error when it is no file */
export async function sizeOfFile(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  if (found === null) throw new Error('there is no such file');
  if (!found.isFile()) throw new Error('it is not a file; name the files in it');
  return found.size;
}
