import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billsOf, type MonthBills } from '../../../lib/billing/bill.ts';
import { correctionNotes, type NoteBody } from '../../../lib/billing/corrections.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import { add, compare, decimalOf, negate, ZERO } from '../../../lib/decimal/decimal.ts';
import { readAdjustment } from '../../../lib/rating/adjustment.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { readTeam } from '../../../lib/rating/team.ts';
import { card, octoberHour, rule, team, usageRow } from '../rating/documents.ts';
import { type MonthInput, months } from './months.ts';

const DISCOUNT = readAdjustment({ id: 'd', type: 'discount', percent: '10' });

async function billsFor({ rows, cards, teams }: MonthInput): Promise<MonthBills> {
  const priced = await priceMonth({
    period: '2026-10',
    usage: rows,
    cards: cards.map(readRateCard),
    teams: teams.map(readTeam),
    adjustments: [DISCOUNT],
    pools: [],
    exchangeRates: [],
  });
  return billsOf(priced.rated, priced.adjustments);
}

function notesFrom(then: MonthBills, now: MonthBills, notes: readonly NoteBody[] = []): NoteBody[] {
  return correctionNotes({
    period: '2026-10',
    currency: then.currency,
    issued: then.bills.map((bill, index) => ({ ...bill, number: `2026-${index}`, sha256: 'x' })),
    unratedThen: then.unrated,
    notes,
    bills: now.bills,
    unratedNow: now.unrated,
  });
}

/** Per team, line and figure: what has been told of it in all. */
function sums(...told: readonly (MonthBills | readonly NoteBody[])[]): Map<string, string> {
  const totals = new Map<string, ReturnType<typeof decimalOf>>();
  const bills = told.flatMap((one) => ('bills' in one ? one.bills : one));
  for (const { team: of, lines } of bills) {
    for (const line of lines) {
      const { quantity, amount, band, rule: id, project, region, measure } = line;
      const key = [of, project, region, measure, line.class, id, line.card, band].join('|');
      for (const [figure, text] of Object.entries({ quantity, amount })) {
        const name = `${key} ${figure}`;
        totals.set(name, add(totals.get(name) ?? ZERO, decimalOf(text)));
      }
    }
  }
  return new Map(
    [...totals]
      .filter(([, value]) => compare(value, ZERO) !== 0)
      .map(([name, { unscaled, scale }]) => [name, `${Number(unscaled) / 10 ** scale}`]),
  );
}

const input = months({ withResourceMonths: false });

describe('credit and debit notes', () => {
  it('bring what was billed to what would be billed today, line by line', async () => {
    await fc.assert(
      fc.asyncProperty(input, input, async (one, other) => {
        const [then, now] = [await billsFor(one), await billsFor(other)];
        const notes = notesFrom(then, now);
        expect(sums(then, notes)).toEqual(sums(now));
        for (const { total, lines, kind } of notes) {
          const amounts = lines.map(({ amount }) => decimalOf(amount)).reduce(add, ZERO);
          expect(compare(add(amounts, negate(decimalOf(total))), ZERO)).toBe(0);
          expect(kind).toBe(compare(amounts, ZERO) > 0 ? 'debit' : 'credit');
        }
      }),
      { numRuns: 100 },
    );
  });

  it('say nothing twice: what they corrected is corrected', async () => {
    await fc.assert(
      fc.asyncProperty(input, input, input, async (one, two, three) => {
        const [then, later, now] = [
          await billsFor(one),
          await billsFor(two),
          await billsFor(three),
        ];
        const first = notesFrom(then, later);
        expect(notesFrom(then, later, first)).toEqual([]);
        const second = notesFrom(then, now, first);
        expect(sums(then, first, second)).toEqual(sums(now));
      }),
      { numRuns: 60 },
    );
  });

  it('are none where nothing changed', async () => {
    await fc.assert(
      fc.asyncProperty(input, async (month) => {
        const bills = await billsFor(month);
        expect(notesFrom(bills, bills)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the reason of a correction', () => {
  const month = {
    rows: [{ ...usageRow({ quantity: '10' }), resource: 'r1' }],
    cards: [card()],
    teams: [team('payments', [{ project: 'p1' }])],
  } as unknown as MonthInput;

  async function reasons(change: object): Promise<string[][]> {
    const changed = { ...month, ...change } as MonthInput;
    const notes = notesFrom(await billsFor(month), await billsFor(changed));
    return notes.flatMap(({ team: of, kind, lines }) =>
      lines.map(({ measure, amount, reason }) => [of, kind, measure, amount, reason]),
    );
  }

  it('is late usage, and the discount follows', async () => {
    const late = { ...usageRow({ quantity: '2', hour: octoberHour(5) }), resource: 'r2' };
    expect(await reasons({ rows: [...month.rows, late] })).toEqual([
      ['payments', 'debit', 'cores', '2.00', 'late-usage'],
      ['payments', 'debit', '', '-0.20', 'adjustments'],
    ]);
  });

  it('is another price', async () => {
    const cheaper = card({ rules: [rule({ price: { model: 'unit', unitPrice: '0.5' } })] });
    expect(await reasons({ cards: [cheaper] })).toEqual([
      ['payments', 'credit', 'cores', '-5.00', 'prices'],
      ['payments', 'credit', '', '0.50', 'adjustments'],
    ]);
  });

  it('is another team, which gets a note without a bill', async () => {
    const moved = [team('search', [{ project: 'p1' }])];
    expect(await reasons({ teams: moved })).toEqual([
      ['payments', 'credit', 'cores', '-10.00', 'teams'],
      ['payments', 'credit', '', '1.00', 'adjustments'],
      ['search', 'debit', 'cores', '10.00', 'teams'],
      ['search', 'debit', '', '-1.00', 'adjustments'],
    ]);
  });
});
