import type { CapacitySnapshot, ImportedDay } from '../ports/capacity-store.ts';
import type { ImportedRows } from '../rated-history/rated-history.ts';
import type { KeptAs } from './raw-row.ts';
import type { Refusal } from './refusal.ts';

/** Sets a row apart, with its reason, for a person to look at. */
export type Quarantine = (line: number, refusal: Refusal, row: string, keptAs?: KeptAs) => void;

/** What an object gave beside samples, which go to the batch row by row. */
export interface Findings {
  readonly accepted: number;
  readonly duplicate: number;
  readonly conflict: number;
  /** Of the accepted: rows that nothing is metered from. */
  readonly unmetered: number;
  readonly importedDays: readonly Omit<ImportedDay, 'ingestId' | 'receivedAt'>[];
  readonly snapshots: readonly CapacitySnapshot[];
  /** What another system rated: each day once. */
  readonly ratedDays: readonly ImportedRows[];
  /** What a person should know though the object was taken; null when there is nothing. */
  readonly warning: string | null;
}

export const NO_FINDINGS: Findings = {
  accepted: 0,
  duplicate: 0,
  conflict: 0,
  unmetered: 0,
  importedDays: [],
  snapshots: [],
  ratedDays: [],
  warning: null,
};

/** Takes rows whose like came before, at a fraction of the cost of reading them. */
export interface BlockSink {
  /**
   * Takes rows as bytes, as long as they are what is expected.
   * @param block whole lines, each ended by a line feed
   * @param at where a line starts, the first of those to look at
   * @returns how many rows were taken, each a line, and where the next line starts
   */
  takeRepeats(
    block: Uint8Array,
    at: number,
    line: number,
  ): { readonly rows: number; readonly end: number };
  /**
   * @param text a line, with its line feed
   * @returns whether the row was taken: else it is to be read
   */
  takeLine(text: string, line: number): boolean;
}

/** Takes the rows of one object, all of one format. */
export interface RowSink {
  /**
   * @returns how many rows it read in it: an envelope holds many
   * @throws RowRefused when the row counts as refused; ObjectRefused when the object does
   */
  take(text: string, line: number): number;
  /** Where there is a faster way. */
  readonly blocks?: BlockSink;
  /** @throws ObjectRefused */
  end(): Findings;
}
