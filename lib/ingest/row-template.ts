import type { SampleRow } from './sample-row.ts';

/** Characters of a JSON string that has no escapes. */
const PLAIN = '[^"\\\\\\x00-\\x1f]*';
const NUMBER = '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?';
const SCALAR = `(?:"${PLAIN}"|${NUMBER}|null|true|false)`;
/** What parseInstant reads, in UTC, but for hours and days that do not exist. */
const TIME =
  '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?(?:Z|\\+00:00)?';

const MEMBERS_MAX = 64;
const OPEN_OBJECT = 123;

/** Where a value is captured: in the part before the metadata or in the one after it. */
interface Capture {
  readonly isInTail: boolean;
  readonly group: number;
}

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

/** Null for rows that no template is made of: with escapes, without metadata, with a key given twice. */
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
    if (index === shape.metadata) pattern = tail;
    else {
      const value = varyingPattern(row, index);
      if (value === null) pattern.ofSeries(index === shape.resource);
      else varying.set(index, pattern.capture(value));
    }
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

function hasTemplate({ text, members, shape, isPlain }: SampleRow): boolean {
  const isOnceEach = shape.sorted.length === members.length;
  const metadataStart = members[shape.metadata]?.start ?? -1;
  return (
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

/** A regular expression in the making: neighbours that the rows of a series share are one capture. */
class Pattern {
  readonly #isInTail: boolean;
  readonly runs: (Capture & { leads: boolean })[] = [];
  #groups = 0;
  #closed = '';
  /** Of the run that may go on, without its end. */
  #run = '';
  /** Literal text since then. */
  #since = '';

  constructor(isInTail: boolean) {
    this.#isInTail = isInTail;
  }

  get source(): string {
    return `${this.#closed}${this.#run === '' ? '' : `${this.#run})`}${this.#since}`;
  }

  literal(text: string): void {
    this.#since += text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  }

  ofSeries(leads: boolean): void {
    if (this.#run === '') {
      this.#closed += this.#since;
      this.#run = `(${SCALAR}`;
      this.#groups += 1;
      this.runs.push({ isInTail: this.#isInTail, group: this.#groups, leads });
    } else {
      this.#run += this.#since + SCALAR;
      const run = this.runs.at(-1);
      if (run) run.leads ||= leads;
    }
    this.#since = '';
  }

  /** @param value a pattern with one group */
  capture(value: string): Capture {
    this.#closed = this.source + value;
    this.#run = '';
    this.#since = '';
    this.#groups += 1;
    return { isInTail: this.#isInTail, group: this.#groups };
  }
}
