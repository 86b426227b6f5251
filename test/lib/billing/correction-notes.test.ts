import { describe, expect, it } from 'vitest';
import type { BillLine, UnratedLine } from '../../../lib/billing/bill.ts';
import { type CorrectionInput, correctionNotes } from '../../../lib/billing/corrections.ts';

const SHA = 'a'.repeat(64);

function line(quantity: string, amount: string, changes: Partial<BillLine> = {}): BillLine {
  return {
    project: 'p1',
    region: 'west',
    measure: 'cores',
    class: 'small',
    rule: 'cores',
    card: 'std',
    band: 0,
    quantity,
    amount,
    ...changes,
  };
}

function unrated(team: string, quantity: string): UnratedLine {
  return { team, project: 'p1', region: 'west', measure: 'cores', class: 'small', quantity };
}

const blue = (...lines: BillLine[]) => ({ team: 'blue', number: '2026-7', sha256: SHA, lines });
const red = (...lines: BillLine[]) => ({ team: 'red', number: '2026-8', sha256: SHA, lines });

function notesOf(changes: Partial<CorrectionInput>) {
  const nothing = { issued: [], unratedThen: [], notes: [], bills: [], unratedNow: [] };
  return correctionNotes({ period: '2026-10', currency: 'EUR', ...nothing, ...changes });
}

const adjustment = { project: '', region: '', measure: '', class: '', card: '', rule: 'rebate' };
const idle = { project: '', class: 'idle', card: '', rule: 'pool' };

describe('a note about an issued bill', () => {
  it.each<[string, Partial<CorrectionInput>, string[]]>([
    [
      'bills usage at the price that it did not have, for the price',
      { unratedThen: [unrated('blue', '5')], bills: [blue(line('5', '5.00'))] },
      ['blue debit 5.00: 5 5.00 prices'],
    ],
    [
      'gives back what lost its price, for the price',
      { issued: [blue(line('5', '5.00'))], unratedNow: [unrated('blue', '5.0')] },
      ['blue credit -5.00: -5 -5.00 prices'],
    ],
    [
      'bills usage that has come since, priced or not',
      {
        issued: [blue(line('5', '5.00'))],
        bills: [blue(line('6', '6.00'))],
        unratedThen: [unrated('red', '1')],
        unratedNow: [unrated('red', '1')],
      },
      ['blue debit 1.00: 1 1.00 late-usage'],
    ],
    [
      'counts what notes billed before it as billed',
      {
        issued: [blue(line('10', '10.00'))],
        notes: [{ ...blue(), lines: [{ ...line('2', '2.00'), reason: 'late-usage' }] }],
        bills: [blue(line('12', '18.00'))],
      },
      ['blue debit 6.00: 0 6.00 prices'],
    ],
    [
      'moves usage between teams that had it before, too',
      {
        issued: [red(line('1', '1.00')), blue(line('10', '10.00'))],
        bills: [blue(line('7', '7.00')), red(line('4', '4.00'))],
      },
      ['blue credit -3.00: -3 -3.00 teams', 'red debit 3.00: 3 3.00 teams'],
    ],
    [
      'says late usage where it is late and moved',
      { issued: [blue(line('10', '10.00'))], bills: [red(line('11', '11.00'))] },
      ['blue credit -10.00: -10 -10.00 late-usage', 'red debit 11.00: 11 11.00 late-usage'],
    ],
    [
      'moves usage between some teams of several',
      {
        issued: [
          blue(line('5', '5.00')),
          red(line('5', '5.00')),
          { ...red(line('1', '1.00')), team: 'x' },
        ],
        bills: [
          blue(line('3', '3.00')),
          red(line('7', '7.00')),
          { ...red(line('1', '1.00')), team: 'x' },
        ],
      },
      ['blue credit -2.00: -2 -2.00 teams', 'red debit 2.00: 2 2.00 teams'],
    ],
    [
      'says of each usage what is true of it',
      {
        issued: [blue(line('1', '1.00'), line('2', '2.00', { class: 'large' }))],
        bills: [blue(line('1', '9.00'), line('3', '3.00', { class: 'large' }))],
      },
      ['blue debit 9.00: 0 8.00 prices, 1 1.00 late-usage'],
    ],
    [
      'takes another class, region, measure or project for another usage',
      {
        issued: [blue(line('1', '1.00'), line('2', '2.00', { region: 'east' }))],
        bills: [
          blue(
            line('1', '1.00', { class: 'large' }),
            line('2', '2.00', { measure: 'ram' }),
            line('4', '4.00', { project: 'p2' }),
          ),
        ],
      },
      [
        'blue debit 4.00: 1 1.00 late-usage, 2 2.00 late-usage, 4 4.00 late-usage, -1 -1.00 late-usage, -2 -2.00 late-usage',
      ],
    ],
    [
      'takes another rule, card or band of the same usage for a price, lines that are gone last',
      {
        issued: [blue(line('2', '2.00'), line('1', '9.00', { card: 'old' }))],
        bills: [blue(line('1', '8.00', { card: 'new' }), line('2', '3.00', { band: 1 }))],
      },
      ['blue credit 0.00: 1 8.00 prices, 2 3.00 prices, -2 -2.00 prices, -1 -9.00 prices'],
    ],
    [
      'tells idle capacity by its price, and adjustments by themselves',
      {
        issued: [blue(line('0', '5.00', idle), line('0', '-1.00', adjustment))],
        bills: [blue(line('0', '4.00', idle), line('0', '-2.00', adjustment))],
      },
      ['blue credit -2.00: 0 -1.00 prices, 0 -1.00 adjustments'],
    ],
    [
      'is a credit note where only quantities change',
      { issued: [blue(line('1', '0.00'))], bills: [blue(line('2', '0.00'))] },
      ['blue credit 0.00: 1 0.00 late-usage'],
    ],
    [
      'is none where figures are written otherwise and lines come in another order',
      {
        issued: [blue(line('1.50', '1.00'), line('2', '2.00', { class: 'large' }))],
        bills: [blue(line('2.0', '2.00', { class: 'large' }), line('1.5', '1.00'))],
      },
      [],
    ],
  ])('%s', (_name, input, told) => {
    const notes = notesOf(input).map(({ team, kind, total, lines }) => {
      const own = lines.map((one) => `${one.quantity} ${one.amount} ${one.reason}`);
      return `${team} ${kind} ${total}: ${own.join(', ')}`;
    });
    expect(notes).toEqual(told);
  });

  it('cites the bill of the team, and none where the team had none', () => {
    const notes = notesOf({
      issued: [red(line('1', '1.00'))],
      bills: [{ team: 'blue', lines: [line('2', '2.00')] }],
    });
    expect(notes).toMatchObject([
      { team: 'blue', corrects: { period: '2026-10', number: null, sha256: null } },
      { team: 'red', corrects: { period: '2026-10', number: '2026-8', sha256: SHA } },
    ]);
    const { quantity, amount, ...key } = line('2', '2.00');
    expect(notes[0]?.lines).toEqual([{ ...key, quantity, amount, reason: 'late-usage' }]);
  });
});
