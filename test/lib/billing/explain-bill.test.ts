import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billsOf } from '../../../lib/billing/bill.ts';
import { type ExplainedLine, explainBill } from '../../../lib/billing/explain-bill.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import type { Working } from '../../../lib/billing/working.ts';
import {
  add,
  compare,
  decimal,
  decimalOf,
  divideHalfEven,
  subtract,
  toFixedText,
  toText,
  ZERO,
} from '../../../lib/decimal/decimal.ts';
import { readAdjustment } from '../../../lib/rating/adjustment.ts';
import { readCostPool } from '../../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { readTeam } from '../../../lib/rating/team.ts';
import { octoberHour } from '../rating/documents.ts';
import { months } from './months.ts';

const PERIOD = '2026-10';
const CONTEXT = {
  documents: new Map([['card std', { version: 3 }]]),
  unitOf: (measure: string) => (measure === 'cores' ? 'core-hour' : null),
};

const textOf = (unscaled: number, scale: number) => toFixedText(decimal(BigInt(unscaled), scale));
const tenths = (max: number) => fc.integer({ min: 1, max }).map((value) => textOf(value, 1));
const teams = fc.constantFrom('blue', 'red', 'unassigned');
const adjustments = fc
  .array(
    fc.oneof(
      fc.record({
        type: fc.constant('commitment'),
        team: teams,
        measure: fc.constant('cores'),
        quantityPerHour: tenths(100),
        unitPrice: tenths(30),
        match: fc.constantFrom({}, { class: 'a' }),
      }),
      fc.record(
        {
          type: fc.constant('discount'),
          percent: tenths(1_000),
          team: teams,
          project: fc.constantFrom('p1', 'p2'),
        },
        { requiredKeys: ['type', 'percent'] },
      ),
      fc.record({ type: fc.constant('discount'), amount: tenths(500) }),
      fc.record({ type: fc.constant('minimum'), team: teams, amount: tenths(2_000) }),
      fc.record({ type: fc.constant('surcharge'), percent: tenths(300) }),
      fc.record({
        type: fc.constantFrom('charge', 'credit'),
        team: teams,
        amount: tenths(500),
        reason: fc.constant('agreed'),
      }),
    ),
    { maxLength: 6 },
  )
  .map((list) => list.map((one, index) => ({ ...one, id: `a${index}` })));

const pool = fc
  .record({
    amount: fc.integer({ min: 0, max: 99_999 }).map((cents) => textOf(cents, 2)),
    weights: fc.constantFrom({ cores: '1' }, { cores: '70', ram: '30' }, { ram: '0.7', gpu: '2' }),
    idle: fc.constantFrom('spread', 'keep'),
    capacity: fc.constantFrom({}, { cores: '100' }, { cores: '7.3', ram: '90000', gpu: '4' }),
  })
  .map((one) => ({ ...one, id: 'pool', region: 'west', period: PERIOD, currency: 'EUR' }));

const rate = fc
  .record({ to: fc.constantFrom('USD', 'JPY', 'KWD'), rate: tenths(5_000) })
  .map((one) => ({ ...one, id: 'r', from: 'EUR', date: '2026-10-31' }));

/** A number as two whole ones. */
interface Ratio {
  readonly up: bigint;
  readonly down: bigint;
}

function ratio(text: string): Ratio {
  const [above = '', below = '1'] = text.split('/');
  const { unscaled, scale } = decimalOf(above);
  return { up: unscaled, down: 10n ** BigInt(scale) * BigInt(below) };
}

function product(texts: readonly string[]): Ratio {
  return texts.map(ratio).reduce((a, b) => ({ up: a.up * b.up, down: a.down * b.down }), {
    up: 1n,
    down: 1n,
  });
}

/** What the explanation comes to before rounding, from its own text and nothing else. */
function exactly({ factors, dividedBy, less, exchange }: Working): Ratio {
  const values = (terms: Working['factors']) => product(terms.map(({ value }) => value));
  const [above, below] = [values(factors), values(dividedBy)];
  const taken = ratio(less?.value ?? '0');
  const [up, down] = [above.up * below.down, above.down * below.up];
  const rate = ratio(exchange?.rate ?? '1');
  return {
    up: (up * taken.down - taken.up * down) * rate.up,
    down: down * taken.down * rate.down,
  };
}

function minorOf(told: Working): bigint {
  const { up, down } = exactly(told);
  const { step, rule, raised } = told.rounding;
  const minor = up * 10n ** BigInt(decimalOf(step).scale);
  const rounded =
    rule === 'half-even' ? divideHalfEven(minor, down) : minor / down + (raised ? 1n : 0n);
  const limits = told.atMost.map(({ value }) => decimalOf(value).unscaled);
  const least = [rounded, ...limits].reduce((a, b) => (b < a ? b : a));
  return told.isGivenBack ? -least : least;
}

const input = fc.record({
  month: months({ withResourceMonths: true }),
  minimum: fc.option(tenths(3_000), { nil: undefined }),
  adjustments,
  pools: fc.array(pool, { maxLength: 1 }),
  rates: fc.array(rate, { maxLength: 1 }),
});
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

async function explain({ month, minimum, adjustments: changes, pools, rates }: Input) {
  const cards = month.cards.map((card) => ({
    ...card,
    rules: card.rules.map((rule) => ({ ...rule, ...(minimum === undefined ? {} : { minimum }) })),
  }));
  const priced = await priceMonth({
    period: PERIOD,
    usage: month.rows,
    cards: cards.map(readRateCard),
    teams: month.teams.map(readTeam),
    adjustments: changes.map(readAdjustment),
    pools: pools.map(readCostPool),
    exchangeRates: rates.map(readExchangeRate),
    traced: true,
  });
  const { bills, unrated } = billsOf(priced.rated, priced.adjustments);
  return bills.map((bill) => ({
    bill,
    explained: explainBill(priced, bill.team, CONTEXT),
    unrated: unrated.filter(({ team }) => team === bill.team),
  }));
}

function sum(texts: readonly string[]) {
  return texts.map(decimalOf).reduce(add, ZERO);
}

describe('the explanation of a bill', () => {
  it('has a line for each of the bill, and calculates its amount exactly', async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(input, async (one) => {
        for (const { bill, explained } of await explain(one)) {
          expect(explained.map(({ amount, rule }) => [rule, amount])).toEqual(
            bill.lines.map(({ amount, rule }) => [rule, amount]),
          );
          for (const { working, amount, kind, text } of explained) {
            kinds.add(kind);
            expect(minorOf(working), text.join('\n')).toBe(decimalOf(amount).unscaled);
            const [own, told] = [exactly(working), ratio(working.exact)];
            expect(told.up * own.down).toBe(own.up * told.down);
          }
        }
      }),
      { numRuns: 250 },
    );
    expect([...kinds].sort()).toEqual(
      'charge commitment credit discount idle minimum pool rule-minimum surcharge usage'.split(' '),
    );
  });

  it("accounts for all of a project's usage: covered, on this line, or elsewhere", async () => {
    await fc.assert(
      fc.asyncProperty(input, async (one) => {
        for (const { bill, explained, unrated } of await explain(one)) {
          for (const line of explained) {
            if (line.origin === null) continue;
            const { shares, covered, elsewhere } = line.origin;
            for (const { percent, quantity, part } of shares) {
              const [p, q, of] = [percent, quantity, part].map(decimalOf);
              expect(
                (p?.unscaled ?? 0n) * (q?.unscaled ?? 0n) * 10n ** BigInt(of?.scale ?? 0),
              ).toBe(
                (of?.unscaled ?? 0n) * 100n * 10n ** BigInt((p?.scale ?? 0) + (q?.scale ?? 0)),
              );
            }
            const parts = sum(shares.map(({ part }) => part));
            const told = sum([
              line.quantity,
              elsewhere,
              ...covered.map(({ quantity }) => quantity),
            ]);
            expect(compare(parts, told)).toBe(0);
            const same = (other: Pick<ExplainedLine, 'project' | 'region' | 'measure' | 'class'>) =>
              other.project === line.project &&
              other.region === line.region &&
              other.measure === line.measure &&
              other.class === line.class;
            const others = [...bill.lines, ...unrated].filter(same).map(({ quantity }) => quantity);
            expect(toText(subtract(sum(others), decimalOf(line.quantity)))).toBe(elsewhere);
          }
        }
      }),
      { numRuns: 120 },
    );
  });

  it('says in words what was used, by which card, band and allowance, and where it came from', async () => {
    const priced = await priceMonth({
      period: PERIOD,
      usage: [
        {
          region: 'west',
          project: "p'1",
          measure: 'cores',
          class: 'm1.large',
          hour: octoberHour(5),
          quantity: '300',
        },
        {
          region: 'west',
          project: "p'1",
          measure: 'cores',
          class: 'm1.large',
          hour: octoberHour(6),
          quantity: '200',
        },
      ],
      cards: [
        readRateCard({
          id: 'std',
          currency: 'EUR',
          effectiveFrom: '2026-01-01',
          rules: [
            {
              id: 'cores',
              measure: 'cores',
              allowance: '50',
              price: {
                model: 'graduated',
                bands: [{ upTo: '100', unitPrice: '0.5' }, { unitPrice: '0.333' }],
              },
            },
          ],
        }),
      ],
      teams: [readTeam({ id: 'payments', projects: [{ project: "p'1", share: 60 }] })],
      adjustments: [
        readAdjustment({
          id: 'c',
          type: 'commitment',
          team: 'payments',
          measure: 'cores',
          quantityPerHour: '20',
          unitPrice: '0.1',
        }),
        readAdjustment({
          id: 'loyal',
          type: 'discount',
          team: 'payments',
          percent: '10',
          measure: 'cores',
        }),
      ],
      pools: [],
      exchangeRates: [
        readExchangeRate({ id: 'r', from: 'EUR', to: 'USD', rate: '1.1', date: '2026-10-30' }),
      ],
      traced: true,
    });
    const told = explainBill(priced, 'payments', CONTEXT).map(({ text }) => text.join('\n'));
    expect(told).toMatchInlineSnapshot(`
      [
        "Line 1 of the bill of "payments" for 2026-10: 1488.00 USD, a commitment, paid for used or not ("c"), cores.
      By adjustment "c".
      Of 14880 core-hours bought, 40 were used and 14840 not.
      Amount: 20 core-hour (committed in each hour) x 744 (hours of the month in force) x 0.1 USD (price of a unit) = 1488.
      Rounded once, half-even, to 0.01.
      Result: 1488.00 USD.",
        "Line 2 of the bill of "payments" for 2026-10: 55.00 USD, cores of class m1.large in region west, project p'1.
      Usage: 500 core-hours of the project from 2026-10-01T05:00:00Z to 2026-10-01T07:00:00Z, of which the team bears 60 %: 300.
      Commitment "c" covers 40 core-hours of it.
      110 core-hours of it are on other lines, or unrated.
      On this line: 150 core-hours.
      Price: rule "cores" of card "std", version 3, graduated.
      Allowance: 50 units of the month cost nothing; the team had 260 by this rule, 150 of them on this line.
      Band 0: units above 0 up to 100 in the month beyond the allowance; units fill the bands in the order of their hours.
      Amount: 100 core-hour (units beyond the allowance) x 0.5 EUR (price of a unit in band 0) x 1.1 USD for a EUR (rate of 2026-10-30) = 55.
      Rounded once, half-even, to 0.01.
      Result: 55.00 USD.
      Where it came from: headroom usage --region west --from 2026-10-01 --to 2026-11-01 --by project,resource,measure,class,hour
      and for an hour of a resource: headroom usage explain --region west --project 'p'\\''1' --measure cores --resource ID --hour HOUR",
        "Line 3 of the bill of "payments" for 2026-10: 40.29 USD, cores of class m1.large in region west, project p'1.
      Usage: 500 core-hours of the project from 2026-10-01T05:00:00Z to 2026-10-01T07:00:00Z, of which the team bears 60 %: 300.
      Commitment "c" covers 40 core-hours of it.
      150 core-hours of it are on other lines, or unrated.
      On this line: 110 core-hours.
      Price: rule "cores" of card "std", version 3, graduated.
      Allowance: 50 units of the month cost nothing; the team had 260 by this rule, 110 of them on this line.
      Band 1: units above 100 in the month beyond the allowance; units fill the bands in the order of their hours.
      Amount: 110 core-hour (units beyond the allowance) x 0.333 EUR (price of a unit in band 1) x 1.1 USD for a EUR (rate of 2026-10-30) = 40.293.
      Rounded once, half-even, to 0.01.
      Result: 40.29 USD.
      Where it came from: headroom usage --region west --from 2026-10-01 --to 2026-11-01 --by project,resource,measure,class,hour
      and for an hour of a resource: headroom usage explain --region west --project 'p'\\''1' --measure cores --resource ID --hour HOUR",
        "Line 4 of the bill of "payments" for 2026-10: -158.33 USD, a discount ("loyal"), cores.
      By adjustment "loyal", of cores.
      Amount: 1583.29 USD (the lines it is of) x 10 % (percent) / 100 (of a hundred) = 158.329.
      Rounded once, half-even, to 0.01.
      At most: 1583.29 USD (the lines it is of) and 1583.29 USD (the bill so far).
      Given back: -158.33 USD.",
      ]
    `);
  });
});
