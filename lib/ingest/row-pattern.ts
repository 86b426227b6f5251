/** Characters of a JSON string that has no escapes. */
export const PLAIN = '[^"\\\\\\x00-\\x1f]*';
export const NUMBER = '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?';
export const SCALAR = `(?:"${PLAIN}"|${NUMBER}|null|true|false)`;
/** What parseInstant reads, in UTC, but for hours and days that do not exist. */
export const TIME =
  '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?(?:Z|\\+00:00)?';

/** Where a value is captured: in the part before the metadata or in the one after it. */
export interface Capture {
  readonly isInTail: boolean;
  readonly group: number;
}

/** A regular expression in the making: neighbours that the rows of a series share are one capture. */
export class Pattern {
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
