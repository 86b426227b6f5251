import { parseExactJson } from '../../decimal/exact-json.ts';
import { compareText } from '../../identifiers.ts';
import type { Day } from '../../period/calendar.ts';
import { greater, identityOf, type RatedRow, saysTheSame } from '../../rated-history/rated-row.ts';
import type { ReadingOptions } from '../object-reading.ts';
import { AHEAD_MAX_US } from '../reading-rules.ts';
import { ObjectRefused, RowRefused } from '../refusal.ts';
import { type Findings, NO_FINDINGS, type RowSink } from '../row-sink.ts';
import { parseTolerantly } from '../tolerant-json.ts';
import { unreadableRow } from '../unreadable-row.ts';
import { pointsOf, type RawRated, summaryRow } from './cloudkitty-rows.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/** Takes answers of CloudKitty's API v2, each data point or line of a summary a row. */
export class CloudKittySink implements RowSink {
  readonly #options: ReadingOptions;
  readonly #rows = new Map<string, { readonly row: RatedRow; readonly date: Day }>();
  readonly #counts = { accepted: 0, duplicate: 0, conflict: 0 };
  #isPage = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  take(text: string, line: number): number {
    const rows = this.#rowsOf(readExactly(text));
    for (const raw of rows) this.#takeRow(raw, line);
    return rows.length;
  }

  end(): Findings {
    const byDay = Map.groupBy(this.#rows, ([, { date }]) => date);
    const ratedDays = [...byDay]
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([date, rows]) => ({
        date,
        rows: rows.toSorted(([a], [b]) => compareText(a, b)).map(([, { row }]) => row),
      }));
    return { ...NO_FINDINGS, ...this.#counts, ratedDays, warning: this.#warning() };
  }

  /** One frame, an answer of many, or a summary. */
  #rowsOf(value: JsonObject): RawRated[] {
    const { dataframes, results, columns, total } = value;
    const rows = Array.isArray(dataframes)
      ? dataframes.flatMap(pointsOf)
      : Array.isArray(results)
        ? results.map((result) => summaryRow(result, Array.isArray(columns) ? columns : []))
        : pointsOf(value);
    if (typeof total === 'number' && total > rows.length) this.#isPage = true;
    return rows;
  }

  #takeRow(raw: RawRated, line: number): void {
    try {
      const { row, date } = raw.read(this.#options.putAt + AHEAD_MAX_US);
      const identity = identityOf(row);
      const present = this.#rows.get(identity);
      this.#counts[present ? sameOrNot(present.row, row) : 'accepted'] += 1;
      this.#rows.set(identity, { row: present ? greater(row, present.row) : row, date });
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      this.#options.quarantine(line, error, raw.text);
    }
    const { waitingRowsMax } = this.#options.limits;
    if (this.#rows.size > waitingRowsMax) {
      throw new ObjectRefused(
        'too_many_rated_rows',
        `The object holds more than ${waitingRowsMax} rated rows, which wait in memory. Send each page of CloudKitty's answer, or each day, as an object of its own.`,
      );
    }
  }

  #warning(): string | null {
    if (this.#rows.size === 0) return 'The answers held no rated rows.';
    return this.#isPage
      ? 'The answer says that there are more rows than it holds: send the other pages too (limit and offset).'
      : null;
  }
}

function sameOrNot(a: RatedRow, b: RatedRow): 'duplicate' | 'conflict' {
  return saysTheSame(a, b) ? 'duplicate' : 'conflict';
}

/** Numbers that a float would change come as text. @throws RowRefused when it is no JSON object */
function readExactly(text: string): JsonObject {
  // It alone says whether the nesting is bearable, and takes the NaN that Python writes.
  const tolerant = parseTolerantly(text);
  if (!isJsonObject(tolerant)) throw unreadableRow(text);
  try {
    const exact = parseExactJson(text);
    return isJsonObject(exact) ? exact : tolerant;
  } catch {
    return tolerant;
  }
}
