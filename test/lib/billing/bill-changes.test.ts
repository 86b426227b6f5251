import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BillLine } from '../../../lib/billing/bill.ts';
import { billChanges } from '../../../lib/billing/bill-changes.ts';
import type { ComparedBill } from '../../../lib/billing/compared-amounts.ts';
import { EFFECTS } from '../../../lib/billing/effects.ts';
import { poolCosts } from '../../../lib/billing/pool-costs.ts';
import { decimal, toFixedText } from '../../../lib/decimal/decimal.ts';
import { moneyOf } from '../../../lib/money/money.ts';

const text = (unscaled: number, scale: number) => toFixedText(decimal(BigInt(unscaled), scale));
const cents = fc.integer({ min: -5_000, max: 900_000 }).map((minor) => text(minor, 2));
const quantity = fc.integer({ min: 1, max: 9_000_000 }).map((thousandths) => text(thousandths, 3));
const usage = fc.record({
  project: fc.constantFrom('p1', 'p2'),
  region: fc.constantFrom('east', 'west'),
  measure: fc.constantFrom('cores', 'ram'),
  class: fc.constantFrom('', 'a'),
  rule: fc.constantFrom('r1', 'r2'),
  card: fc.constantFrom('old', 'new'),
  band: fc.constantFrom(0, 1),
  quantity,
  amount: cents,
});
const other = fc
  .constantFrom(
    { region: 'west', project: 'p1', measure: 'cores', rule: 'pool', quantity: '7' },
    { region: 'west', project: '', measure: 'cores', rule: 'pool', quantity: '0', class: 'idle' },
    { measure: 'cores', rule: 'c', quantity: '744' },
    { measure: 'cores', rule: 'r1:minimum', quantity: '0' },
    { measure: '', rule: 'rebate', quantity: '0' },
  )
  .chain((line) =>
    cents.map((amount) => ({
      project: '',
      region: '',
      class: '',
      card: '',
      band: 0,
      ...line,
      amount,
    })),
  );
const bills: fc.Arbitrary<ComparedBill[]> = fc.uniqueArray(
  fc.record({
    team: fc.constantFrom('blue', 'red', 'green'),
    lines: fc.array(fc.oneof({ weight: 4, arbitrary: usage }, other), { maxLength: 12 }),
  }),
  { selector: ({ team }) => team },
);

const minor = (text: string) => moneyOf(text, 'EUR').minor;
const sum = (texts: readonly string[]) => texts.reduce((all, one) => all + minor(one), 0n);
const total = (list: readonly ComparedBill[]) =>
  sum(list.flatMap(({ lines }) => lines.map(({ amount }) => amount)));

describe('the changes between two months', () => {
  it('add up to the difference exactly, of every project and measure, every team, and all', () => {
    fc.assert(
      fc.property(bills, bills, (before, after) => {
        const told = billChanges(before, after, 'EUR');
        expect(minor(told.before)).toBe(total(before));
        expect(minor(told.after)).toBe(total(after));
        for (const change of [told, ...told.teams, ...told.teams.flatMap(({ rows }) => rows)]) {
          expect(sum(Object.values(change.effects))).toBe(minor(change.difference));
          expect(minor(change.after) - minor(change.before)).toBe(minor(change.difference));
        }
        for (const effect of EFFECTS) {
          const ofTeams = told.teams.map(({ effects }) => effects[effect]);
          expect(sum(ofTeams)).toBe(minor(told.effects[effect]));
          for (const { rows, effects } of told.teams) {
            expect(sum(rows.map((row) => row.effects[effect]))).toBe(minor(effects[effect]));
          }
        }
      }),
    );
  });

  it('are turned round when the months are', () => {
    fc.assert(
      fc.property(bills, bills, (before, after) => {
        const [there, back] = [
          billChanges(before, after, 'EUR'),
          billChanges(after, before, 'EUR'),
        ];
        expect(minor(there.effects.new)).toBe(-minor(back.effects.gone));
        for (const effect of ['pools', 'commitments', 'minimums', 'adjustments'] as const) {
          expect(minor(there.effects[effect])).toBe(-minor(back.effects[effect]));
        }
      }),
    );
  });

  const line: BillLine = {
    project: 'p1',
    region: 'west',
    measure: 'cores',
    class: 'a',
    rule: 'cores',
    card: 'std',
    band: 0,
    quantity: '100',
    amount: '10.00',
  };
  it.each([
    {
      what: 'more of the same',
      now: [{ ...line, quantity: '150', amount: '15.00' }],
      effects: { volume: '5.00' },
    },
    {
      what: 'another price',
      now: [{ ...line, card: 'new', amount: '12.00' }],
      effects: { price: '2.00' },
    },
    {
      what: 'both, more at what a unit came to before',
      now: [{ ...line, quantity: '150', amount: '18.00' }],
      effects: { volume: '5.00', price: '3.00' },
    },
    {
      what: 'a band that was reached, as price',
      now: [
        { ...line, amount: '10.00' },
        { ...line, band: 1, quantity: '50', amount: '4.00' },
      ],
      effects: { volume: '5.00', price: '-1.00' },
    },
    {
      what: 'another class, as gone and new',
      now: [{ ...line, class: 'b', amount: '11.00' }],
      effects: { new: '11.00', gone: '-10.00' },
    },
    { what: 'no bill at all', now: [], effects: { gone: '-10.00' } },
    {
      what: 'a tie of the volume, to the even cent',
      now: [{ ...line, quantity: '100.05', amount: '10.00' }],
      effects: { volume: '0.00', price: '0.00' },
    },
  ])('tell $what', ({ now, effects }) => {
    const told = billChanges([{ team: 't', lines: [line] }], [{ team: 't', lines: now }], 'EUR');
    const nothing = Object.fromEntries(EFFECTS.map((effect) => [effect, '0.00']));
    expect(told.effects).toEqual({ ...nothing, ...effects });
  });

  it('go by what the lines were kept to follow from, over how they look', () => {
    const charge = {
      ...line,
      project: '',
      region: '',
      class: '',
      measure: '',
      card: '',
      quantity: '0',
    };
    const bill = (amount: string): ComparedBill => ({
      team: 't',
      lines: [{ ...charge, rule: 'floor:minimum', amount }],
      terms: [{ kind: 'charge', reason: 'agreed' }],
    });
    expect(billChanges([bill('1.00')], [bill('3.00')], 'EUR').effects).toMatchObject({
      minimums: '0.00',
      adjustments: '2.00',
    });
  });
});

describe('unit costs of cost pools', () => {
  const part = { region: 'west', class: '', rule: 'pool', card: '', band: 0, measure: 'cores' };
  it('are what was charged by what was used, with and without what stood idle', () => {
    const lines: BillLine[] = [
      { ...part, project: 'p1', quantity: '60', amount: '40.00' },
      { ...part, project: 'p2', quantity: '30', amount: '20.00' },
      { ...part, project: '', class: 'idle', quantity: '0', amount: '10.00' },
      { ...part, measure: 'ram', project: '', class: 'idle', quantity: '0', amount: '30.00' },
      { ...part, card: 'std', project: 'p1', quantity: '1', amount: '9.00' },
      { ...part, region: '', project: '', quantity: '744', amount: '9.00' },
    ];
    expect(poolCosts(lines, 'EUR')).toEqual([
      {
        ...{ pool: 'pool', region: 'west', measure: 'cores', used: '90', charged: '60.00' },
        ...{ idle: '10.00', unitCost: '0.66666667', fullUnitCost: '0.77777778' },
      },
      {
        ...{ pool: 'pool', region: 'west', measure: 'ram', used: '0', charged: '0.00' },
        ...{ idle: '30.00', unitCost: null, fullUnitCost: null },
      },
    ]);
  });
});
