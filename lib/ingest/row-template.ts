import type { Capture, Pattern } from './row-pattern.ts';

/** The parts of one row; valid until the next match. */
export interface MatchedRow {
  /** Text that the rows of a series share, the one with the resource first. */
  readonly runs: string[];
  metadata: string;
  volume: string;
  time: string;
  messageId: string;
  readonly tellings: string[];
  /** One beyond the line feed. */
  end: number;
}

/** What differs from reading to reading. Tellings are many: their number is added. Numbers are told apart the fastest. */
export const SPAN = { volume: 0, time: 1, messageId: 2, telling: 3 } as const;

export interface RowSpan {
  readonly of: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Rows of one source are alike: the same keys in the same order with the same blanks. A template is made
 * of one such row, and takes others apart at a tenth of what reading JSON costs. What it matches is JSON
 * without escapes, apart from the metadata, which may be anything.
 */
export class RowTemplate {
  readonly row: MatchedRow = {
    runs: [],
    metadata: '',
    volume: '',
    time: '',
    messageId: '',
    tellings: [],
    end: 0,
  };
  readonly #head: RegExp;
  readonly #tail: RegExp;
  /** The end of the metadata and what follows it: no string can contain it, since its quotes are bare. */
  readonly #closing: string;
  readonly #runs: readonly Capture[];
  readonly #volume: Capture;
  readonly #time: Capture;
  readonly #messageId: Capture | null;
  readonly #tellings: readonly Capture[];
  #tailStart = 0;
  /** The same, telling places: that is slower. */
  #placed: RegExp[] | null = null;

  constructor(parts: TemplateParts) {
    this.#head = new RegExp(parts.head.source, 'y');
    this.#tail = new RegExp(parts.tail.source, 'y');
    this.#closing = parts.closing;
    this.#runs = parts.runs;
    this.#volume = parts.volume;
    this.#time = parts.time;
    this.#messageId = parts.messageId;
    this.#tellings = parts.tellings;
  }

  /** Whether the line that starts at `at` is of the template; `row` tells its parts then. */
  match(text: string, at: number): boolean {
    this.#head.lastIndex = at;
    const head = this.#head.exec(text);
    if (head === null) return false;
    const start = this.#head.lastIndex;
    const end = text.indexOf(this.#closing, start) + 1;
    if (end === 0) return false;
    this.#tail.lastIndex = end;
    this.#tailStart = end;
    const tail = this.#tail.exec(text);
    if (tail === null) return false;
    const { row } = this;
    row.metadata = text.slice(start, end);
    row.end = this.#tail.lastIndex;
    row.volume = captured(this.#volume, head, tail);
    row.time = captured(this.#time, head, tail);
    row.messageId = this.#messageId === null ? '' : captured(this.#messageId, head, tail);
    for (let run = 0; run < this.#runs.length; run += 1) {
      row.runs[run] = captured(this.#runs[run], head, tail);
    }
    for (let index = 0; index < this.#tellings.length; index += 1) {
      row.tellings[index] = captured(this.#tellings[index], head, tail);
    }
    return true;
  }

  /** The values of a line that differ from reading to reading, in its order; null when it does not match. */
  spansOf(line: string): RowSpan[] | null {
    if (!this.match(line, 0)) return null;
    this.#placed ??= [this.#head, this.#tail].map(({ source }) => new RegExp(source, 'dy'));
    const indices = this.#placed.map((pattern, index) => {
      pattern.lastIndex = index === 0 ? 0 : this.#tailStart;
      return pattern.exec(line)?.indices;
    });
    const span = (of: number, { isInTail, group }: Capture): RowSpan[] => {
      const [start, end] = indices[isInTail ? 1 : 0]?.[group] ?? [];
      return start === undefined || end === undefined ? [] : [{ of, start, end }];
    };
    return [
      ...span(SPAN.volume, this.#volume),
      ...span(SPAN.time, this.#time),
      ...(this.#messageId === null ? [] : span(SPAN.messageId, this.#messageId)),
      ...this.#tellings.flatMap((telling, index) => span(SPAN.telling + index, telling)),
    ].toSorted((a, b) => a.start - b.start);
  }
}

function captured(
  place: Capture | undefined,
  head: RegExpExecArray,
  tail: RegExpExecArray,
): string {
  if (place === undefined) return '';
  return (place.isInTail ? tail[place.group] : head[place.group]) ?? '';
}

/** What a template is made of: patterns of the text before and after the metadata, and what they capture. */
export interface TemplateParts {
  readonly head: Pattern;
  readonly tail: Pattern;
  readonly closing: string;
  readonly runs: readonly Capture[];
  readonly volume: Capture;
  readonly time: Capture;
  readonly messageId: Capture | null;
  readonly tellings: readonly Capture[];
}
