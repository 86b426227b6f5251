import { joinBytes } from '../bytes.ts';
import type { Refusal } from './refusal.ts';

/** What stands where one row is expected: its text, or why there is none. */
export type RawRow =
  | { readonly line: number; readonly text: string }
  | {
      readonly line: number;
      /** What is kept of it. */
      readonly head: string;
      readonly keptAs: Exclude<KeptAs, 'text'>;
      readonly refusal: Refusal;
    };

/**
 * How the quarantine keeps a row: `text` as it was received; `bytes` as it was received, a character a byte (it is not
 * UTF-8); `head` its start alone, so that it can be found again (it is too long to keep).
 */
export type KeptAs = 'text' | 'bytes' | 'head';

const HEAD_BYTES = 200;
/** A call takes so many arguments anywhere. */
const CODES_AT_ONCE = 8_192;
const MIB = 1_048_576;
/** Keys that only an enveloped answer has; such an object is long. */
const ENVELOPE_KEY =
  /"(?:body|granularity|resourceProvider|observedAt|tenant_usages?|server_usages|dataframes|columns|results)"\s*:/;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Null when the bytes are not UTF-8. */
export function decode(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** The row as text; bytes that are not UTF-8 are a refusal of their own. */
export function rowOf(bytes: Uint8Array, line: number): RawRow {
  const text = decode(bytes);
  if (text !== null) return { line, text };
  return {
    line,
    head: charactersOf(bytes),
    keptAs: 'bytes',
    refusal: {
      code: 'invalid_utf8',
      reason: `Line ${line} contains bytes that are not UTF-8. Write the export as UTF-8.`,
    },
  };
}

/** The code of each character is a byte. */
function charactersOf(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += CODES_AT_ONCE) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + CODES_AT_ONCE)));
  }
  return pieces.join('');
}

/** The start of a row that is too long to keep. */
export function headOf(bytes: Uint8Array): string {
  return lenient.decode(bytes.subarray(0, HEAD_BYTES));
}

/** The refusal of a row beyond the cap. */
export function tooLong(head: string, line: number, bytesMax: number): RawRow {
  return {
    line,
    head,
    keptAs: 'head',
    refusal: {
      code: 'row_too_long',
      reason: `The row at line ${line} is longer than ${bytesMax / MIB} MiB. Send one sample per row, and leave large metadata out.`,
    },
  };
}

/**
 * Collects the bytes of a row that runs over several chunks, in constant memory: beyond the cap only
 * its head is kept.
 */
export class PartialRow {
  readonly #rowBytesMax: number;
  readonly #envelopeBytesMax: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #bytesMax: number;
  #head: string | null = null;

  constructor(limits: { readonly rowBytesMax: number; readonly envelopeBytesMax: number }) {
    this.#rowBytesMax = limits.rowBytesMax;
    this.#envelopeBytesMax = limits.envelopeBytesMax;
    this.#bytesMax = limits.rowBytesMax;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** Copies the bytes: whoever gave them may use their memory again. */
  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#bytes += piece.length;
    if (this.#head !== null) return;
    this.#pieces.push(new Uint8Array(piece));
    if (this.#bytes <= this.#bytesMax) return;
    if (this.#bytesMax === this.#rowBytesMax && this.#isEnvelope()) {
      this.#bytesMax = this.#envelopeBytesMax;
      return;
    }
    this.#head = headOf(this.#pieces[0] ?? piece);
    this.#pieces = [];
  }

  /** The row so far; what comes next starts a new one. */
  take(line: number): RawRow {
    const row =
      this.#head === null
        ? rowOf(joinBytes(this.#pieces), line)
        : tooLong(this.#head, line, this.#bytesMax);
    this.#pieces = [];
    this.#bytes = 0;
    this.#bytesMax = this.#rowBytesMax;
    this.#head = null;
    return row;
  }

  #isEnvelope(): boolean {
    const bytes = joinBytes(this.#pieces);
    const edge = this.#rowBytesMax / 4;
    return (
      ENVELOPE_KEY.test(lenient.decode(bytes.subarray(0, edge))) ||
      ENVELOPE_KEY.test(lenient.decode(bytes.subarray(-edge)))
    );
  }
}
