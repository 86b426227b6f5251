import { type Capture, NUMBER, Pattern, PLAIN, SCALAR, TIME } from './row-pattern.ts';
import type { SampleRow } from './sample-row.ts';

const MEMBERS_MAX = 64;
const OPEN_OBJECT = 123;

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

interface TemplateParts {
  readonly head: Pattern;
  readonly tail: Pattern;
  readonly closing: string;
  readonly runs: readonly Capture[];
  readonly volume: Capture;
  readonly time: Capture;
  readonly messageId: Capture | null;
  readonly tellings: readonly Capture[];
}

/** Null for rows that no template is made of: with escapes, without metadata, with a key given twice, with a number for a message id. */
export function templateOf(row: SampleRow): RowTemplate | null {
  const { text, members, shape } = row;
  const metadata = members[shape.metadata];
  if (!metadata || !hasTemplate(row)) return null;
  const [head, tail] = [new Pattern(false), new Pattern(true)];
  const varying = new Map<number, Capture>();
  let [pattern, end] = [head, 0];
  for (const [index, member] of members.entries()) {
    pattern.literal(text.slice(end, member.start));
    end = member.end;
    if (index === shape.metadata) {
      pattern = tail;
      continue;
    }
    const capture = addMember(pattern, row, index);
    if (capture !== null) varying.set(index, capture);
  }
  pattern.literal(`${text.slice(end)}\n`);
  const [volume, time] = [varying.get(shape.volume), varying.get(shape.timestamp)];
  if (!volume || !time) return null;
  const next = members[shape.metadata + 1];
  return new RowTemplate({
    head,
    tail,
    closing: `}${next ? text.slice(metadata.end, next.start) : `${text.slice(metadata.end)}\n`}`,
    runs: [...head.runs, ...tail.runs].toSorted((a, b) => Number(b.leads) - Number(a.leads)),
    volume,
    time,
    messageId: varying.get(shape.messageId) ?? null,
    tellings: shape.tellings.flatMap((index) => varying.get(index) ?? []),
  });
}

/** The capture of a value that differs from row to row; null for others. */
function addMember(pattern: Pattern, row: SampleRow, index: number): Capture | null {
  const { shape } = row;
  const value = varyingPattern(row, index);
  if (value !== null) return pattern.capture(value);
  // A row that has a message id is not of the template of one that has none.
  if (index === shape.messageId) pattern.literal('null');
  else pattern.ofSeries(index === shape.resource);
  return null;
}

function hasTemplate({ text, members, shape, isPlain }: SampleRow): boolean {
  const isOnceEach = shape.sorted.length === members.length;
  const metadataStart = members[shape.metadata]?.start ?? -1;
  const messageId = members[shape.messageId];
  return (
    (!messageId || /^(?:"|null)/.test(text.slice(messageId.start, messageId.end))) &&
    isPlain &&
    isOnceEach &&
    members.length <= MEMBERS_MAX &&
    text.charCodeAt(0) === OPEN_OBJECT &&
    text.charCodeAt(metadataStart) === OPEN_OBJECT
  );
}

/** The pattern of a value that differs from row to row, its capture being what is needed of it; null for others. */
function varyingPattern({ text, members, shape }: SampleRow, index: number): string | null {
  if (index === shape.volume) return `(${NUMBER})`;
  if (index === shape.timestamp) return `"(${TIME})"`;
  if (shape.tellings.includes(index)) return `(${SCALAR})`;
  const isText = text[members[index]?.start ?? 0] === '"';
  return index === shape.messageId && isText ? `"(${PLAIN})"` : null;
}
