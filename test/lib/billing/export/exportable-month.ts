import type { CloseInput } from '../../../../lib/billing/close-input.ts';
import { type ClosedMonth, closeMonth } from '../../../../lib/billing/close-month.ts';
import { correctionNotes } from '../../../../lib/billing/corrections.ts';
import type {
  ExportedDocument,
  ExportedMonth,
} from '../../../../lib/billing/export/exported-month.ts';
import type { FocusInput } from '../../../../lib/billing/export/focus-rows.ts';
import { draftNote } from '../../../../lib/billing/note.ts';
import { DEFAULT_WORDING } from '../../../../lib/billing/wording.ts';
import { BUILT_IN_METERS } from '../../../../lib/metering/meter-table.ts';
import type { BilledTo } from '../../../../lib/teams/billed-to.ts';

/** An issued month as exports take it, and what the close says it comes to. */
export interface ExportableMonth extends FocusInput {
  readonly closed: ClosedMonth;
}

const PAYMENTS: BilledTo = {
  name: 'Payments & Co',
  costCentre: '0400',
  glAccount: '6805',
  purchaseOrder: 'PO-7',
};

/** Closes and issues a month; `late` is what the month before, which was issued as `earlier`, comes to by now. */
export async function exportableMonth(
  input: CloseInput,
  corrected?: { readonly earlier: CloseInput; readonly late: CloseInput },
): Promise<ExportableMonth> {
  const closed = await closeMonth(input);
  const bills = closed.bills.map(
    ({ bill, sha256 }, index): ExportedDocument => ({
      kind: 'bill',
      state: 'issued',
      number: `2026-${String(index + 1).padStart(6, '0')}`,
      team: bill.team,
      billedTo: bill.team === 'unassigned' ? {} : PAYMENTS,
      total: bill.total,
      sha256,
      issuedAt: '2026-11-03T08:00:00.000Z',
      corrects: null,
      exchangeRates: bill.exchangeRates ?? [],
      projection: null,
      lines: bill.lines,
    }),
  );
  const notes = corrected === undefined ? [] : await notesOf(corrected);
  const month: ExportedMonth = {
    period: closed.period,
    currency: closed.currency,
    revision: 1,
    team: null,
    wording: { ...DEFAULT_WORDING, issuer: 'Cloud Operations' },
    documents: [...bills, ...notes],
    unrated: closed.unrated,
  };
  const manifestSha256 = 'e'.repeat(64);
  return { closed, month, terms: closed.terms, manifestSha256, units: BUILT_IN_METERS.units };
}

async function notesOf({
  earlier,
  late,
}: {
  readonly earlier: CloseInput;
  readonly late: CloseInput;
}): Promise<ExportedDocument[]> {
  const [then, now] = [await closeMonth(earlier), await closeMonth(late)];
  const bodies = correctionNotes({
    period: earlier.period,
    currency: now.currency,
    issued: then.bills.map(({ bill, sha256 }, index) => ({
      team: bill.team,
      number: `2026-${String(index + 101).padStart(6, '0')}`,
      sha256,
      lines: bill.lines,
    })),
    unratedThen: then.unrated,
    notes: [],
    bills: now.bills.map(({ bill }) => bill),
    unratedNow: now.unrated,
  });
  const notes = await Promise.all(bodies.map(draftNote));
  return notes.map(
    ({ note, sha256 }, index): ExportedDocument => ({
      kind: note.kind,
      state: 'issued',
      number: `N2026-${String(index + 1).padStart(6, '0')}`,
      team: note.team,
      billedTo: {},
      total: note.total,
      sha256,
      issuedAt: '2026-11-03T08:00:00.000Z',
      corrects: note.corrects,
      exchangeRates: [],
      projection: null,
      lines: note.lines,
    }),
  );
}
