import { type ClosedMonth, closeMonth } from '../../lib/billing/close-month.ts';
import { correctionNotes } from '../../lib/billing/corrections.ts';
import { draftNote } from '../../lib/billing/note.ts';
import type { BillRecord, BillStore } from '../../lib/ports/documents.ts';
import type { BillableMonth } from '../lib/billing/billable-months.ts';

const AT = '2026-11-03T00:00:00.000Z';

/**
 * Leaves in the store what a close and an issue leave there, over whatever revision it has by now.
 *
 * @returns the totals of the bills, and of the notes that go out with them
 */
export async function keepIssued(
  { bills: store }: { readonly bills: BillStore },
  month: BillableMonth,
): Promise<{ readonly bills: readonly string[]; readonly notes: readonly string[] }> {
  const closed = await closeMonth(month.now);
  const { period, currency, unrated, sha256 } = closed;
  const present = await store.getPeriod(period);
  const revision = (present?.revision ?? 0) + 1;
  const bills = billsOf(closed, revision);
  const notes = (await notesOf(month)).map((note, index) => ({
    ...note,
    number: numberOf('N2026', index),
  }));
  const extra = { currency, unrated, notes, corrections: [], manifestSha256: sha256 };
  await store.putBills(period, revision, bills, extra);
  await store.putPeriod(
    {
      ...{ period, state: 'issued', revision, sha256, manifestKey: null },
      ...{ closedBy: 'ada', issuedBy: 'bob', updatedAt: AT },
    },
    present === null ? null : { revision: present.revision, state: present.state },
  );
  return {
    bills: bills.map(({ total }) => total),
    notes: notes.map(({ note }) => note.total),
  };
}

function billsOf({ bills, terms }: ClosedMonth, revision: number): BillRecord[] {
  return bills.map(({ bill, sha256 }, index) => ({
    ...{ period: bill.period, revision, team: bill.team, state: 'issued', sha256 },
    number: numberOf('2026', index),
    ...{ currency: bill.currency, total: bill.total, body: bill, generatedAt: AT },
    billedTo: { name: `Team ${bill.team}`, costCentre: '0400' },
    terms: terms.get(bill.team) ?? [],
  }));
}

async function notesOf({ earlier, late }: BillableMonth) {
  const [then, now] = [await closeMonth(earlier), await closeMonth(late)];
  const bodies = correctionNotes({
    ...{ period: earlier.period, currency: now.currency, notes: [] },
    issued: then.bills.map(({ bill, sha256 }, index) => ({
      ...{ team: bill.team, number: numberOf('2026', 900 + index), sha256, lines: bill.lines },
    })),
    unratedThen: then.unrated,
    bills: now.bills.map(({ bill }) => bill),
    unratedNow: now.unrated,
  });
  return Promise.all(bodies.map(draftNote));
}

function numberOf(series: string, index: number): string {
  return `${series}-${`${index + 1}`.padStart(6, '0')}`;
}
