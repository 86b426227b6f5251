import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseExactJson } from '../../lib/decimal/exact-json.ts';
import { ProblemError } from '../../lib/errors.ts';
import type { UsageRow } from '../../lib/rating/usage-row.ts';
import { usageRowSchema } from '../../lib/rating/usage-row.ts';
import { faultText, readDocument } from '../../lib/rating/validate.ts';
import { byteLines, unreadable } from '../lines.ts';

/** No usage row comes near it; without it, a file without line ends would fill the memory. */
const MAX_LINE_BYTES = 1_048_576;
const BOM = '\uFEFF';
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Faults of one document that are told; the rest is counted. */
const FAULTS_TOLD = 20;

/** A file as the command line names it, and where it is. */
export interface InputFile {
  readonly name: string;
  readonly path: string;
}

/**
 * Reads the documents of a JSON file: an array of them, or one alone.
 *
 * @param read reads one document; its faults are told with the file's name and their place in it
 */
export async function readDocuments<T>(
  file: InputFile,
  read: (document: unknown) => T,
): Promise<T[]> {
  const bytes = await readFile(file.path).catch((error: unknown) => {
    throw unreadable(file.name, error);
  });
  const parsed = parseJson(decode(bytes, file.name), file.name);
  if (!Array.isArray(parsed)) return [placed(file.name, '', () => read(parsed))];
  return parsed.map((document: unknown, index) =>
    placed(file.name, `/${index}`, () => read(document)),
  );
}

/** The rows of a JSON lines file, one at a time; blank lines are passed over. */
export async function* readUsage(file: InputFile): AsyncIterable<UsageRow> {
  let line = 0;
  for await (const bytes of linesOf(file)) {
    line += 1;
    const place = `${file.name}:${line}`;
    const text = decode(bytes, place);
    if (text.trim() === '') continue;
    const row = parseJson(text, place);
    yield placed(place, '', () => readDocument(usageRowSchema, row, 'The usage row'));
  }
}

async function* linesOf(file: InputFile): AsyncIterable<Uint8Array> {
  const chunks = createReadStream(file.path, { highWaterMark: 1_048_576 });
  try {
    yield* byteLines(chunks, (bytes) => {
      if (bytes <= MAX_LINE_BYTES) return;
      throw new ProblemError(
        'invalid',
        `${file.name}: a line is longer than 1 MiB: usage is JSON lines, one row a line.`,
      );
    });
  } catch (error) {
    throw unreadable(file.name, error);
  }
}

function decode(bytes: Uint8Array, place: string): string {
  try {
    const text = UTF_8.decode(bytes);
    return text.startsWith(BOM) ? text.slice(BOM.length) : text;
  } catch {
    throw new ProblemError('invalid', `${place}: is not UTF-8 text.`);
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProblemError('invalid', `${place}: is not JSON: ${error.message}.`);
  }
}

/** Names the file (and line) in the faults of a document. */
function placed<T>(place: string, pointer: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const errors = error.errors.map(({ pointer: inner, message }) => ({
      pointer: pointer + inner,
      message,
    }));
    const told = errors.slice(0, FAULTS_TOLD).map((fault) => `${place}: ${faultText(fault)}.`);
    const more = errors.length - told.length;
    if (more > 0) told.push(`${place}: and ${more} more faults.`);
    throw new ProblemError(error.kind, told.join('\n') || `${place}: ${error.message}`, errors);
  }
}
