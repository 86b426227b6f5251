import fc from 'fast-check';
import { expect, it } from 'vitest';
import { billsExtraSchema } from '../../lib/closing/bills-extra.ts';
import { add, type Decimal, decimalOf, toText, ZERO } from '../../lib/decimal/decimal.ts';
import type { UsageRow } from '../../lib/rating/usage-row.ts';
import { monthCloser } from './close-months.ts';
import { CARD, type ClosingCloud, closingCloud, usageRow } from './closing-cloud.ts';

const PERIOD = '2026-10';
const DAYS = ['2026-10-05', '2026-10-06', '2026-10-20'];

/** Rows of a day; several of one key add up. */
const rowsOfDay = (date: string) =>
  fc.array(
    fc
      .tuple(
        fc.constantFrom('p1', 'p2', 'p3'),
        fc.constantFrom('00', '13', '23'),
        fc.integer({ min: 1, max: 99_999 }),
      )
      .map(([project, hour, units]) =>
        usageRow(project, `${date}T${hour}:00:00Z`, toText({ unscaled: BigInt(units), scale: 2 })),
      ),
    { minLength: 1, maxLength: 5 },
  );

type Change = (cloud: ClosingCloud) => Promise<void>;

/** What may come after a month was issued. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc
    .constantFrom(...DAYS)
    .chain((date) =>
      rowsOfDay(date).map((rows) => (cloud: ClosingCloud) => cloud.meter(date, rows)),
    ),
  fc.integer({ min: 0, max: 400 }).map((price) => (cloud: ClosingCloud) => {
    const unitPrice = toText({ unscaled: BigInt(price), scale: 4 });
    const rules = [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice } }];
    return cloud.configure('rate-card', { ...CARD, rules });
  }),
  fc
    .integer({ min: 1, max: 100 })
    .map(
      (share) => (cloud: ClosingCloud) =>
        cloud.configure('team', { id: 'search', projects: [{ project: 'p2', share }] }),
    ),
  fc.constantFrom('2026-10-06', '2026-11-02').map((from) => async (cloud: ClosingCloud) => {
    const projects = [{ project: 'p1', to: from }];
    await cloud.configure('team', { id: 'payments', name: 'Pay', projects });
    await cloud.configure('team', { id: 'checkout', projects: [{ project: 'p1', from }] });
  }),
);

async function metered(days: readonly (readonly UsageRow[])[]): Promise<ClosingCloud> {
  const cloud = await closingCloud();
  for (const [index, date] of DAYS.entries()) await cloud.meter(date, days[index] ?? []);
  return cloud;
}

function plus(totals: Map<string, Decimal>, team: string, amount: string): void {
  totals.set(team, add(totals.get(team) ?? ZERO, decimalOf(amount)));
}

/** By team: what was billed of the month, and what notes of later months made of it. */
async function billedInAll({ ports: { bills } }: ClosingCloud): Promise<Map<string, Decimal>> {
  const totals = new Map<string, Decimal>();
  const record = await bills.getPeriod(PERIOD);
  const issued = await bills.listBills(PERIOD, record?.revision ?? 0);
  for (const { team, total } of issued?.bills ?? []) plus(totals, team, total);
  for (const period of ['2026-11', '2026-12']) {
    const later = await bills.getPeriod(period);
    const extra = await bills.getExtra(period, later?.revision ?? 0);
    for (const { note } of billsExtraSchema.parse(extra).notes) {
      if (note.corrects.period === PERIOD) plus(totals, note.team, note.total);
    }
  }
  return totals;
}

function nonZero(totals: ReadonlyMap<string, Decimal>): Record<string, string> {
  const told = [...totals].map(([team, total]) => [team, toText(total)] as const);
  return Object.fromEntries(told.filter(([, total]) => total !== '0').toSorted());
}

const days = fc.tuple(...DAYS.map(rowsOfDay));

it('leaves an issued month as it is whatever comes, and notes bring it to what it would be today', async () => {
  await fc.assert(
    fc.asyncProperty(
      days,
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.array(change, { maxLength: 2 }),
      async (rows, changes, moreChanges) => {
        const cloud = await metered(rows);
        const close = monthCloser(cloud.ports);
        cloud.clock.now = new Date('2027-01-03T02:00:00Z');
        await close(PERIOD, { issue: true });
        const issued = await cloud.documentsUnder(`bills/${PERIOD}/1/`);
        for (const one of changes) await one(cloud);
        await close('2026-11', { issue: true });
        for (const one of moreChanges) await one(cloud);
        await close('2026-12', { issue: true });
        const billed = await billedInAll(cloud);
        expect(await cloud.documentsUnder(`bills/${PERIOD}/1/`)).toEqual(issued);

        const fresh = await metered(rows);
        for (const one of [...changes, ...moreChanges]) await one(fresh);
        await monthCloser(fresh.ports)(PERIOD, { issue: false });
        const today = new Map<string, Decimal>();
        const drafts = await fresh.ports.bills.listBills(PERIOD, 1);
        for (const { team, total } of drafts?.bills ?? []) plus(today, team, total);
        expect(nonZero(billed)).toEqual(nonZero(today));
      },
    ),
    { numRuns: 40 },
  );
});

it('gives the same bytes on another machine, and closed again, whatever came first', async () => {
  await fc.assert(
    fc.asyncProperty(days, fc.array(change, { maxLength: 3 }), async (rows, changes) => {
      const [one, other] = [await metered(rows), await metered(rows.toReversed())];
      for (const [index, date] of DAYS.entries()) {
        await other.meter(date, rows[index]?.toReversed() ?? []);
      }
      for (const cloud of [one, other]) for (const made of changes) await made(cloud);
      await monthCloser(one.ports)(PERIOD, { issue: false });
      const close = monthCloser(other.ports);
      await close(PERIOD, { issue: false });
      await close(PERIOD, { issue: false });
      const [first, second, again] = [
        await billsUnder(one, 1),
        await billsUnder(other, 1),
        await billsUnder(other, 2),
      ];
      expect(second).toEqual(first);
      expect(again).toEqual(first);
    }),
    { numRuns: 30 },
  );
});

/** The bills' JSON by team: what is hashed. */
async function billsUnder(cloud: ClosingCloud, revision: number): Promise<Record<string, string>> {
  const all = await cloud.documentsUnder(`bills/${PERIOD}/${revision}/`);
  const bills = Object.entries(all).filter(
    ([name]) => name.endsWith('.json') && name !== 'manifest.json',
  );
  expect(bills.length).toBeGreaterThan(0);
  return Object.fromEntries(bills);
}
