import type { MatchedRow } from './row-template.ts';

const SERIES_MAX = 1_000_000;
const CHARACTERS_MAX = 48_000_000;
/** Of each run but the first: names of meters, sources. */
const TEXTS_MAX = 1_024;

/** What the rows of one resource share, and of these what those of one metadata do. */
class Owner {
  readonly text: string;
  /** The one that came after it last: polls go through the same resources again and again. */
  next: Owner | null = null;
  last: OneMetadata;
  readonly byMetadata = new Map<string, OneMetadata>();

  constructor(text: string, metadata: string) {
    this.text = text;
    this.last = new OneMetadata(metadata);
    this.byMetadata.set(metadata, this.last);
  }
}

class OneMetadata {
  readonly metadata: string;
  /** By the numbers of the other runs. */
  readonly series = new Map<number, number>();

  constructor(metadata: string) {
    this.metadata = metadata;
  }
}

/** Finds the series of a row by the text that the rows of a series share, within bounds. */
export class SeriesMemory {
  readonly #owners = new Map<string, Owner>();
  #last: Owner | null = null;
  /** Of each run but the first, its texts by number. */
  readonly #runs: RunTexts[] = [];
  #count = 0;
  #characters = 0;

  /** -1 when it is not known. */
  find(row: MatchedRow): number {
    const text = row.runs[0] ?? '';
    const owner = this.#last?.next?.text === text ? this.#last.next : this.#owners.get(text);
    if (owner === undefined) return -1;
    if (this.#last !== null) this.#last.next = owner;
    this.#last = owner;
    if (owner.last.metadata !== row.metadata) {
      const other = owner.byMetadata.get(row.metadata);
      if (other === undefined) return -1;
      owner.last = other;
    }
    const key = this.#keyOf(row);
    return key === -1 ? -1 : (owner.last.series.get(key) ?? -1);
  }

  add(row: MatchedRow, series: number): void {
    const text = row.runs[0] ?? '';
    const characters = text.length + row.metadata.length;
    if (this.#count >= SERIES_MAX || this.#characters + characters > CHARACTERS_MAX) this.#forget();
    for (let run = 1; run < row.runs.length; run += 1) {
      this.#runs[run] ??= new RunTexts();
      if (!this.#runs[run]?.add(row.runs[run] ?? '')) this.#forget();
    }
    const key = this.#keyOf(row);
    if (key === -1) return;
    this.#oneMetadataOf(text, row.metadata).series.set(key, series);
    this.#count += 1;
  }

  #oneMetadataOf(text: string, metadata: string): OneMetadata {
    const owner = this.#owners.get(text);
    const known = owner?.byMetadata.get(metadata);
    if (known) return known;
    this.#characters += metadata.length;
    const ownMetadata = detached(metadata);
    if (owner) {
      const one = new OneMetadata(ownMetadata);
      owner.byMetadata.set(ownMetadata, one);
      return one;
    }
    this.#characters += text.length;
    const first = new Owner(detached(text), ownMetadata);
    this.#owners.set(first.text, first);
    return first.last;
  }

  #keyOf(row: MatchedRow): number {
    let key = 0;
    for (let run = 1; run < row.runs.length; run += 1) {
      const number = this.#runs[run]?.numberOf(row.runs[run] ?? '') ?? -1;
      if (number === -1) return -1;
      key = key * TEXTS_MAX + number;
    }
    return key;
  }

  #forget(): void {
    this.#owners.clear();
    this.#last = null;
    this.#runs.length = 0;
    this.#count = 0;
    this.#characters = 0;
  }
}

class RunTexts {
  readonly #numbers = new Map<string, number>();
  #last = '';
  #lastNumber = -1;

  /** -1 when it is not known. */
  numberOf(text: string): number {
    if (text === this.#last && this.#lastNumber !== -1) return this.#lastNumber;
    const number = this.#numbers.get(text) ?? -1;
    this.#last = text;
    this.#lastNumber = number;
    return number;
  }

  /** False when there is no room for it. */
  add(text: string): boolean {
    if (this.#numbers.has(text)) return true;
    if (this.#numbers.size === TEXTS_MAX) return false;
    this.#numbers.set(detached(text), this.#numbers.size);
    this.#lastNumber = -1;
    return true;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A slice of a block keeps the whole block alive; a copy does not. */
export function detached(text: string): string {
  return decoder.decode(encoder.encode(text));
}
