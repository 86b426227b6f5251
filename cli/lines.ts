import { ProblemError } from '../lib/errors.ts';

const LINE_FEED = 0x0a;

/**
 * The lines of JSON lines, split at line feeds alone: U+2028 and U+2029 are legal inside a JSON
 * string, and readline would split there. A carriage return stays: it is blank to JSON.
 *
 * @param checkLength gets the bytes of a line so far, and throws when they are too many
 */
export async function* byteLines(
  chunks: AsyncIterable<Buffer>,
  checkLength: (bytes: number) => void = () => undefined,
): AsyncIterable<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]);
      parts = [];
      bytes = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    bytes += rest.length;
    checkLength(bytes);
    if (rest.length > 0) parts.push(rest);
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

/** `byteLines` as text; a byte order mark is no part of it. */
export async function* textLines(chunks: AsyncIterable<Buffer>): AsyncIterable<string> {
  const utf8 = new TextDecoder();
  for await (const bytes of byteLines(chunks)) yield utf8.decode(bytes);
}

/** An error of the file system as one that says what is wrong with the file; others as they are. */
export function unreadable(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return error;
  const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
  return new ProblemError('not_found', `${name}: ${why}.`);
}
