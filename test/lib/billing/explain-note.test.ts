import fc from 'fast-check';
import { expect, it } from 'vitest';
import { billsOf } from '../../../lib/billing/bill.ts';
import { correctionNotes, type NoteBody } from '../../../lib/billing/corrections.ts';
import { explainBill } from '../../../lib/billing/explain-bill.ts';
import { type ExplainedNoteLine, explainNote } from '../../../lib/billing/explain-note.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import { hourlyUsage } from '../../../lib/billing/usage-differences.ts';
import { compare, decimalOf, subtract } from '../../../lib/decimal/decimal.ts';
import { readAdjustment } from '../../../lib/rating/adjustment.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { readTeam } from '../../../lib/rating/team.ts';
import { type MonthInput, months } from './months.ts';

const CONTEXT = { documents: new Map(), unitOf: () => null };

async function madeOf({ rows, cards, teams }: MonthInput) {
  const priced = await priceMonth({
    period: '2026-10',
    usage: rows,
    cards: cards.map(readRateCard),
    teams: teams.map(readTeam),
    adjustments: [readAdjustment({ id: 'd', type: 'discount', percent: '10' })],
    pools: [],
    exchangeRates: [],
    traced: true,
  });
  return { priced, ...billsOf(priced.rated, priced.adjustments) };
}
type Made = Awaited<ReturnType<typeof madeOf>>;

function notesOf(billed: Made, now: Made, before: readonly NoteBody[]): NoteBody[] {
  return correctionNotes({
    period: '2026-10',
    currency: now.currency,
    issued: billed.bills.map((bill) => ({ ...bill, number: `B-${bill.team}`, sha256: 'x' })),
    unratedThen: billed.unrated,
    notes: before,
    bills: now.bills,
    unratedNow: now.unrated,
  });
}

/** @param last what the notes before came to, or the bills themselves */
function explained(
  note: NoteBody,
  of: {
    readonly billed: Made;
    readonly last: Made;
    readonly now: Made;
    readonly notes: NoteBody[];
  },
): ExplainedNoteLine[] | null {
  const making = ({ priced }: Made) => ({
    lines: explainBill(priced, note.team, CONTEXT),
    usage: hourlyUsage(priced.usage, note.lines),
  });
  return explainNote({
    ...{ note, number: 'N2', documents: [], withdrawals: [] },
    billLines: of.billed.bills.find(({ team }) => team === note.team)?.lines ?? [],
    earlier: of.notes
      .filter(({ team }) => team === note.team)
      .map(({ lines }) => ({ number: 'N1', lines })),
    before: making(of.last),
    after: making(of.now),
  });
}

const isEqual = (a: string, b: string) => compare(decimalOf(a), decimalOf(b)) === 0;
const input = months({ withResourceMonths: false });

it('explains each line of a note by two calculations that lie as far apart as it says, whatever notes came before', async () => {
  const seen = { lines: 0, corrected: 0, usage: 0 };
  await fc.assert(
    fc.asyncProperty(input, input, input, async (first, second, third) => {
      const [billed, last, now] = [await madeOf(first), await madeOf(second), await madeOf(third)];
      const notes = notesOf(billed, last, []);
      for (const note of notesOf(billed, now, notes)) {
        const lines = explained(note, { billed, last, now, notes });
        expect(lines?.length).toBe(note.lines.length);
        for (const [index, line] of (lines ?? []).entries()) {
          const { billed: was, due, causes } = line;
          expect(line).toMatchObject({ ...note.lines[index], line: index + 1 });
          expect(was.calculation?.working.amount ?? '0.00').toBe(was.amount);
          expect(due.calculation?.working.amount ?? '0.00').toBe(due.amount);
          for (const figure of ['quantity', 'amount'] as const) {
            const difference = subtract(decimalOf(due[figure]), decimalOf(was[figure]));
            expect(compare(difference, decimalOf(line[figure]))).toBe(0);
          }
          const ofBill = billed.bills.find(({ team }) => team === note.team)?.lines;
          if (was.line !== null) expect(ofBill?.[was.line - 1]).toMatchObject({ rule: line.rule });
          // What is late is late in an hour that is named.
          if (line.reason === 'late-usage') {
            expect(isEqual(causes.usage?.before ?? '0', causes.usage?.after ?? '0')).toBe(false);
            seen.usage += 1;
          }
          seen.lines += 1;
          seen.corrected += was.notes.length;
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
});

it('does not explain a note by a month that does not come to it', async () => {
  await fc.assert(
    fc.asyncProperty(input, input, async (first, second) => {
      const [billed, now] = [await madeOf(first), await madeOf(second)];
      for (const note of notesOf(billed, now, [])) {
        const other = { ...note, lines: note.lines.map((line) => ({ ...line, quantity: '-1' })) };
        expect(explained(other, { billed, last: billed, now, notes: [] })).toBeNull();
        expect(explained(note, { billed, last: now, now, notes: [] })).toBeNull();
      }
    }),
    { numRuns: 15 },
  );
});
