import type { SampleBatch } from '../ports/sample-parts.ts';
import { DerivedSamples, type Reading } from './derived-sample.ts';
import type { ReadingOptions } from './object-reading.ts';
import { RowRefused } from './refusal.ts';
import { type Findings, NO_FINDINGS, type RowSink } from './row-sink.ts';

/** A row in a text of an object: the text itself, or an element of the answer that it is. */
export interface DerivedRow {
  /** As received, JSON. */
  readonly row: string;
  /** What is set apart when the row is refused, where `row` cannot be sent again as it is. */
  readonly setApart?: string;
  readonly source: string;
  /** Empty for none. */
  readonly messageId: string;
  /**
   * What the row tells. None: the row is taken, and counted as accepted and unmetered.
   * @throws RowRefused
   */
  readonly readings: () => readonly Reading[];
}

export interface DerivedFormat {
  /**
   * The rows in what stands at a line: mostly one.
   * @throws RowRefused when it counts as one row that is refused; ObjectRefused when the object does
   */
  readonly rowsOf: (text: string, line: number) => readonly DerivedRow[];
  /** What the rows tell beside samples, once all were read. */
  readonly importedDays?: () => Findings['importedDays'];
  /** What a person should know once all rows were read; null when there is nothing. */
  readonly warning?: () => string | null;
}

/** Takes rows that are no samples themselves and tell of several readings each. */
export function derivedSink(
  batch: Pick<SampleBatch, 'add'>,
  options: ReadingOptions,
  format: DerivedFormat,
): RowSink {
  const derived = new DerivedSamples(options.putAt, options.limits, options.meters);
  let untold = 0;
  const add = (row: DerivedRow, line: number): void => {
    const samples = derived.of({ ...row, line, readings: row.readings() });
    if (samples.length === 0) untold += 1;
    for (const sample of samples) batch.add(sample);
  };
  return {
    take(text, line) {
      const rows = format.rowsOf(text, line);
      for (const row of rows) {
        try {
          add(row, line);
        } catch (error) {
          if (!(error instanceof RowRefused)) throw error;
          options.quarantine(line, error, row.setApart ?? row.row);
        }
      }
      return rows.length;
    },
    end: () => ({
      ...NO_FINDINGS,
      accepted: untold,
      unmetered: untold,
      importedDays: format.importedDays?.() ?? [],
      warning: format.warning?.() ?? null,
    }),
  };
}
