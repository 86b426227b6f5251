import * as z from 'zod';
import { joinBytes } from '../bytes.ts';
import type { KeptAs } from '../ingest/raw-row.ts';
import type { Ingest } from '../ports/ledger.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/** A row that was refused, as the quarantine keeps it. */
export interface QuarantinedRow {
  /** Of the object, from 1; rows of one envelope share it. */
  readonly line: number;
  readonly code: string;
  /** What is wrong, and what to do about it. */
  readonly reason: string;
  /** As it was received; what `keptAs` says of it where it is not. */
  readonly row: string;
  readonly keptAs: KeptAs;
}

const rowSchema: z.ZodType<QuarantinedRow> = z.strictObject({
  line: z.int().min(0),
  code: z.string(),
  reason: z.string(),
  row: z.string(),
  keptAs: z.enum(['text', 'bytes', 'head']).default('text'),
});

const LINE_FEED = 0x0a;
const utf8 = new TextDecoder();

/** The refused rows of an ingest in the order of their lines; of one reason alone, if `code` is given. */
export async function* quarantinedRows(
  lake: Pick<ObjectStore, 'open'>,
  { quarantineKey }: Pick<Ingest, 'quarantineKey'>,
  code: string | null,
): AsyncGenerator<QuarantinedRow> {
  const object = quarantineKey === null ? null : await lake.open(quarantineKey);
  if (object === null) return;
  for await (const line of linesOf(object.body)) {
    const row = rowSchema.parse(JSON.parse(line));
    if (code === null || row.code === code) yield row;
  }
}

/** What stands in the file to mend: one row a line, as it was received. */
export function bytesOfRow({ row, keptAs }: Pick<QuarantinedRow, 'row' | 'keptAs'>): Uint8Array {
  if (keptAs !== 'bytes') return new TextEncoder().encode(row);
  return Uint8Array.from(row, (character) => character.charCodeAt(0));
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      yield textOf([...pieces, chunk.subarray(start, end)]);
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.slice(start));
  }
  if (pieces.length > 0) yield textOf(pieces);
}

function textOf(pieces: readonly Uint8Array[]): string {
  return utf8.decode(joinBytes(pieces));
}
