import type { InstantUs } from '../period/instant.ts';
import type { ByteWork } from '../ports/byte-work.ts';
import { ByteTime, endOfNumber, endOfPlain, endOfScalar } from './byte-values.ts';
import type { ReadingLines } from './reading-lines.ts';
import { EARLIEST } from './reading-rules.ts';
import { type RowSpan, SPAN } from './row-template.ts';
import { detached } from './series-memory.ts';

/** Text that rows share, and rows: what is beyond is not remembered. */
const SHARED_BYTES_MAX = 33_554_432;
const ROWS_MAX = 262_144;
/** A BIGINT holds them all. */
const VOLUME_BYTES_MAX = 18;
const USUAL_VOLUME_BYTES_MAX = 15;
/** Shorter text is compared faster here than by asking the runtime. */
const SHORT_BYTES = 96;
/** Volume, time, message, three tellings. */
const SPANS_MAX = 6;

const [TAB, LF, POINT, MINUS, SEPARATOR] = [9, 10, 46, 45, 31];

/** What rows of a series have in common. */
interface KnownRow {
  readonly series: number;
  /** What varies, in the order of the row. */
  readonly spans: readonly number[];
  /** Before each span, and after the last. */
  readonly texts: readonly Uint8Array[];
  /** The one that came after it last. */
  next: KnownRow | null;
}

/**
 * Polls go through the same resources again and again, and their rows are the same but for some values. So the row that
 * came after this one last time tells most of what comes next: it only has to be compared, which costs a
 * third of taking it apart. What it does not tell is for KnownRows, which knows series by their text wherever they come.
 */
export class RepeatedRows {
  readonly #isSame: ByteWork['isSame'];
  readonly #latest: InstantUs;
  readonly #time = new ByteTime();
  /** Of the row that was matched last, by what varies; both 0 for what it does not have. */
  readonly #starts = new Int32Array(SPANS_MAX);
  readonly #ends = new Int32Array(SPANS_MAX);
  readonly #texts = new Map<string, Uint8Array>();
  readonly #rows = new Map<number, KnownRow>();
  #sharedBytes = 0;
  /** Null when it is not remembered. */
  #last: KnownRow | null = null;

  /** @param latest what a row may say at most */
  constructor(isSame: ByteWork['isSame'], latest: InstantUs) {
    this.#isSame = isSame;
    this.#latest = latest;
  }

  /**
   * Writes the reading of the row that starts at `at`, if it is the one that is expected.
   * @param block whole lines
   * @returns one beyond its line feed, or -1
   */
  take(
    block: Uint8Array,
    at: number,
    { line, lines }: { readonly line: number; readonly lines: ReadingLines },
  ): number {
    const row = this.#last?.next ?? null;
    const end = row === null ? -1 : this.#match(row, block, at);
    if (row === null || end === -1) return -1;
    this.#last = row;
    lines.begin();
    this.#write(row, block, lines);
    lines.integer(line);
    lines.byte(LF);
    return end;
  }

  /** A row of this series came. */
  met(series: number): void {
    this.#follow(this.#rows.get(series) ?? null);
  }

  /** @param text of a row of the series, with its line feed */
  learn(text: string, spans: readonly RowSpan[], series: number): void {
    const isTooMuch = this.#rows.size >= ROWS_MAX || this.#sharedBytes > SHARED_BYTES_MAX;
    if (isTooMuch || spans.length > SPANS_MAX) {
      this.#follow(null);
      return;
    }
    const starts = [0, ...spans.map(({ end }) => end)];
    const ends = [...spans.map(({ start }) => start), text.length];
    const texts = starts.map((start, index) => this.#shared(text.slice(start, ends[index])));
    const row = { series, spans: spans.map(({ of }) => of), texts, next: null };
    this.#rows.set(series, row);
    this.#follow(row);
  }

  #follow(row: KnownRow | null): void {
    if (this.#last !== null && row !== null) this.#last.next = row;
    this.#last = row;
  }

  #shared(text: string): Uint8Array {
    const known = this.#texts.get(text);
    if (known) return known;
    const bytes = encoder.encode(text);
    this.#sharedBytes += bytes.length;
    this.#texts.set(detached(text), bytes);
    return bytes;
  }

  #match({ spans, texts }: KnownRow, block: Uint8Array, from: number): number {
    let at = from;
    for (let index = 0; index < texts.length; index += 1) {
      const text = texts[index];
      if (text === undefined || !this.#standsAt(block, at, text)) return -1;
      at += text.length;
      const span = spans[index];
      if (span === undefined) break;
      this.#starts[span] = at;
      at = this.#endOf(span, block, at);
      if (at === -1) return -1;
      this.#ends[span] = at;
    }
    return at;
  }

  #standsAt(block: Uint8Array, at: number, text: Uint8Array): boolean {
    const { length } = text;
    if (length > SHORT_BYTES) return this.#isSame(block, at, text);
    for (let index = 0; index < length; index += 1) {
      if (block[at + index] !== text[index]) return false;
    }
    return true;
  }

  #endOf(span: number, block: Uint8Array, at: number): number {
    if (span === SPAN.time) return this.#endOfTime(block, at);
    if (span === SPAN.volume) return endOfVolume(block, at);
    return span === SPAN.messageId ? endOfPlain(block, at) : endOfScalar(block, at);
  }

  #endOfTime(block: Uint8Array, at: number): number {
    const end = this.#time.read(block, at);
    const { instant } = this.#time;
    return instant >= EARLIEST && instant <= this.#latest ? end : -1;
  }

  /** SampleBatch, addReadings. */
  #write({ spans, series }: KnownRow, block: Uint8Array, lines: ReadingLines): void {
    const [start, end] = [this.#starts[SPAN.volume] ?? 0, this.#ends[SPAN.volume] ?? 0];
    const point = indexOfPoint(block, start, end);
    lines.integer(series);
    lines.byte(TAB);
    lines.integer(this.#time.instant);
    lines.byte(TAB);
    lines.bytes(block, start, point);
    lines.bytes(block, point + 1, end);
    lines.byte(TAB);
    lines.integer(Math.max(0, end - point - 1));
    lines.byte(TAB);
    if (spans.includes(SPAN.messageId)) this.#writeSpan(SPAN.messageId, block, lines);
    lines.byte(TAB);
    lines.byte(SEPARATOR);
    if (point !== end || end - start > USUAL_VOLUME_BYTES_MAX) lines.bytes(block, start, end);
    for (let telling = SPAN.telling; telling < SPAN.telling + spans.length; telling += 1) {
      if (!spans.includes(telling)) break;
      lines.byte(SEPARATOR);
      this.#writeSpan(telling, block, lines);
    }
    lines.byte(TAB);
  }

  #writeSpan(span: number, block: Uint8Array, lines: ReadingLines): void {
    lines.bytes(block, this.#starts[span] ?? 0, this.#ends[span] ?? 0);
  }
}

function endOfVolume(block: Uint8Array, at: number): number {
  const end = block[at] === MINUS ? -1 : endOfNumber(block, at);
  return end - at > VOLUME_BYTES_MAX ? -1 : end;
}

/** `end` where there is none. */
function indexOfPoint(block: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && block[at] !== POINT) at += 1;
  return at;
}

const encoder = new TextEncoder();
