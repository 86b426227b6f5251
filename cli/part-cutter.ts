const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/** Finds where a stream of lines may be cut into parts of about one size. */
export class PartCutter {
  readonly #partBytes: number;
  readonly #isQuoted: boolean;
  /** Bytes since the last cut. */
  #bytes = 0;
  #isInQuotes = false;

  /** @param isQuoted whether a line end between double quotes is text, as in CSV */
  constructor(partBytes: number, { isQuoted }: { readonly isQuoted: boolean }) {
    this.#partBytes = partBytes;
    this.#isQuoted = isQuoted;
  }

  /** Places in the chunk, each right behind a line end, with at least a part's bytes before it. */
  push(chunk: Uint8Array): number[] {
    const cuts: number[] = [];
    let at = 0;
    for (;;) {
      const from = at + Math.max(0, this.#partBytes - this.#bytes);
      const end = from < chunk.length ? this.#lineEnd(chunk, { at, from }) : -1;
      if (end === -1) {
        if (from >= chunk.length) this.#passQuotes(chunk, at, chunk.length);
        this.#bytes += chunk.length - at;
        return cuts;
      }
      cuts.push(end);
      this.#bytes = 0;
      at = end;
    }
  }

  /** One beyond the first line end from `from` on that is none of a quoted text; -1 when there is none. */
  #lineEnd(chunk: Uint8Array, { at, from }: { at: number; from: number }): number {
    this.#passQuotes(chunk, at, from);
    let start = from;
    for (;;) {
      const lineFeed = chunk.indexOf(LINE_FEED, start);
      const stop = lineFeed === -1 ? chunk.length : lineFeed;
      this.#passQuotes(chunk, start, stop);
      if (lineFeed === -1 || !this.#isInQuotes) return lineFeed === -1 ? -1 : lineFeed + 1;
      start = lineFeed + 1;
    }
  }

  #passQuotes(chunk: Uint8Array, from: number, to: number): void {
    if (!this.#isQuoted) return;
    let at = chunk.indexOf(QUOTE, from);
    while (at !== -1 && at < to) {
      this.#isInQuotes = !this.#isInQuotes;
      at = chunk.indexOf(QUOTE, at + 1);
    }
  }
}
