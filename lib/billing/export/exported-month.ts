import type { Month } from '../../period/calendar.ts';
import type { AppliedRate } from '../../rating/exchange-rates.ts';
import type { BilledTo } from '../../teams/billed-to.ts';
import type { BillLine, UnratedLine } from '../bill.ts';
import type { DocumentAuthor } from '../price-terms.ts';
import type { Wording } from '../wording.ts';

/** A line as it stands in a bill or a note, and what its project was called then. */
export interface ExportedLine extends BillLine {
  readonly projectName?: string;
  /** What the quantity counts: `core-hour`; absent where nothing says it any more. */
  readonly unit?: string;
  /** Of an estimate: what it comes to by the end of the month. */
  readonly projectedAmount?: string;
  /** Of a commitment: what was paid for and not used, of an estimate so far. */
  readonly unusedQuantity?: string;
  /** Of a charge or credit on a bill: why, and who wrote it, where that is known. */
  readonly oneOff?: { readonly reason: string; readonly author?: DocumentAuthor };
  /** Of a note: why the line differs from what was billed. */
  readonly reason?: string;
}

/** A bill, a credit or debit note, or an estimate: one document of a workbook or a PDF. */
export interface ExportedDocument {
  readonly kind: 'bill' | 'credit' | 'debit';
  readonly state: 'estimate' | 'draft' | 'issued';
  /** Of what is issued. */
  readonly number: string | null;
  readonly team: string;
  /** The team as it was at the close; of an estimate, as it is. */
  readonly billedTo: BilledTo;
  /** Exact, with all minor digits; the sum of the lines. */
  readonly total: string;
  /** Of its canonical JSON (RFC 8785). */
  readonly sha256: string;
  /** RFC 3339; null until it is issued. */
  readonly issuedAt: string | null;
  /** The bill that a note corrects. */
  readonly corrects: {
    readonly period: Month;
    readonly number: string | null;
    readonly sha256: string | null;
  } | null;
  readonly exchangeRates: readonly AppliedRate[];
  /** Of an estimate. */
  readonly projection: {
    readonly total: string;
    /** What it exceeds in nine cases of ten and in one; null in estimates of earlier versions. */
    readonly range: { readonly p10: string; readonly p90: string } | null;
    readonly elapsedHours: number;
    readonly hoursInMonth: number;
  } | null;
  readonly lines: readonly ExportedLine[];
}

/**
 * What an XLSX or a PDF is made from, of a whole month or of one team: nothing else has a part in it, no clock either, so
 * that the same month gives the same bytes.
 */
export interface ExportedMonth {
  readonly period: Month;
  readonly currency: string;
  /** 0 for an estimate; counts the closes of the month from 1. */
  readonly revision: number;
  /** Of the one team that it is about; null: of all. */
  readonly team: string | null;
  readonly wording: Wording;
  /** Bills by team, then the notes that go out with them. */
  readonly documents: readonly ExportedDocument[];
  /** Usage that no rule prices. */
  readonly unrated: readonly (UnratedLine & Pick<ExportedLine, 'unit'>)[];
}

/** What it is called on paper, `Estimate` and `Draft` before anything else. */
export function titleOf({ kind, state, number }: ExportedDocument): string {
  const name = { bill: 'Bill', credit: 'Credit note', debit: 'Debit note' }[kind];
  if (state === 'estimate') return 'Estimate';
  if (state === 'draft') return `Draft ${name.toLowerCase()}`;
  return `${name} ${number ?? ''}`;
}

/** Lines that adjustments made, and minimums of rules: they have neither project, region nor card. */
export function isAdjustment({ project, region, card }: ExportedLine): boolean {
  return project === '' && region === '' && card === '';
}

/** The versions of rate cards that the lines cite, sorted. */
export function cardsOf(documents: readonly ExportedDocument[]): string[] {
  const cards = documents.flatMap(({ lines }) => lines.map(({ card }) => card));
  return [...new Set(cards)].filter((card) => card !== '').toSorted();
}
