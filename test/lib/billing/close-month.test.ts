import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeMonth } from '../../../lib/billing/close-month.ts';
import { measuresByResource } from '../../../lib/billing/price-month.ts';
import { canonicalJson, sha256Hex } from '../../../lib/billing/sha256.ts';
import { add, compare, type Decimal, decimalOf, ZERO } from '../../../lib/decimal/decimal.ts';
import { moneyOf, moneyText, sumMoney } from '../../../lib/money/money.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import type { UsageRow } from '../../../lib/rating/usage-row.ts';
import { card, octoberHour, rule, team, usageRow } from '../rating/documents.ts';
import { type MonthInput, months } from './months.ts';
import { referenceLines } from './reference-bills.ts';

function close({ rows, cards, teams }: Omit<MonthInput, 'rows'> & { rows: readonly UsageRow[] }) {
  const input = { period: '2026-10', cards, teams, adjustments: [], pools: [], exchangeRates: [] };
  return closeMonth({ ...input, usage: rows });
}

type Closed = Awaited<ReturnType<typeof close>>;

/** Every line and what is unrated, under the keys of the reference. */
function linesOf({ bills, unrated }: Closed) {
  const rated = bills.flatMap(({ bill }) =>
    bill.lines.map((line) => {
      const { project, region, measure, class: ofClass, rule: id, card: cited, band } = line;
      const key = [bill.team, project, region, measure, ofClass, id, cited, band];
      return [JSON.stringify(key), line] as const;
    }),
  );
  const free = unrated.map(({ quantity, ...key }) => {
    const { team: who, project, region, measure, class: ofClass } = key;
    return [
      JSON.stringify([who, project, region, measure, ofClass]),
      { quantity, amount: '0.00' },
    ] as const;
  });
  return new Map<string, { readonly quantity: string; readonly amount: string }>([
    ...rated,
    ...free,
  ]);
}

/** Usage and charges come to the same quantity, to the last digit. */
function sumOf(quantities: Iterable<string>): Decimal {
  let sum = ZERO;
  for (const quantity of quantities) sum = add(sum, decimalOf(quantity));
  return sum;
}

const FEW = { numRuns: 150 };

describe('the bills of a month', () => {
  it('are those of the reference, line by line', async () => {
    await fc.assert(
      fc.asyncProperty(months({ withResourceMonths: true }), async (month) => {
        const lines = linesOf(await close(month));
        const expected = referenceLines(month.rows, month.cards, month.teams);
        expect([...lines.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [key, { quantity, amount }] of expected) {
          const line = lines.get(key);
          const { unscaled, scale } = decimalOf(line?.quantity ?? '');
          expect(unscaled * quantity[1], key).toBe(quantity[0] * 10n ** BigInt(scale));
          expect(line?.amount, key).toBe(amount);
        }
      }),
      FEW,
    );
  });

  it('add up: lines to totals, and all quantities to the usage', async () => {
    await fc.assert(
      fc.asyncProperty(months({ withResourceMonths: true }), async (month) => {
        const closed = await close(month);
        for (const { bill } of closed.bills) {
          const amounts = bill.lines.map(({ amount }) => moneyOf(amount, 'EUR'));
          expect(moneyText(sumMoney(amounts, 'EUR'))).toBe(bill.total);
        }
        const charged = closed.bills.flatMap(({ bill }) => bill.lines);
        const billed = [...charged, ...closed.unrated].map(({ quantity }) => quantity);
        const used = month.rows.map(({ quantity }) => quantity);
        expect(compare(sumOf(billed), sumOf(used))).toBe(0);
      }),
      FEW,
    );
  });

  it('do not change with the order and splitting of rows, cards and teams', async () => {
    const cases = months({ withResourceMonths: true }).chain((month) =>
      fc.record({
        month: fc.constant(month),
        rows: fc.shuffledSubarray([...month.rows], { minLength: month.rows.length }),
        cards: fc.shuffledSubarray([...month.cards], { minLength: month.cards.length }),
        teams: fc.shuffledSubarray([...month.teams], { minLength: month.teams.length }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ month, rows, cards, teams }) => {
        const split = rows.flatMap((row) => [
          { ...row, quantity: '0.0005' },
          { ...row, quantity: '0' },
          { ...row, quantity: (Number(row.quantity) - 0.0005).toFixed(4) },
        ]);
        const [one, other] = [await close(month), await close({ rows: split, cards, teams })];
        expect(JSON.stringify(other)).toBe(JSON.stringify(one));
      }),
      FEW,
    );
  });

  it('do not change when rows come added up over resources', async () => {
    await fc.assert(
      fc.asyncProperty(months({ withResourceMonths: false }), async (month) => {
        const added = new Map<string, UsageRow>();
        for (const { resource, ...row } of month.rows) {
          const key = JSON.stringify({ ...row, quantity: '' });
          const before = added.get(key)?.quantity ?? '0';
          const quantity = (Number(before) + Number(row.quantity)).toFixed(3);
          added.set(key, { ...row, quantity });
        }
        const [one, other] = [
          await close(month),
          await close({ ...month, rows: [...added.values()] }),
        ];
        expect(JSON.stringify(other)).toBe(JSON.stringify(one));
      }),
      FEW,
    );
  });

  it('sort text by its bytes, not by UTF-16 units', async () => {
    const rows = ['\u{1F600}', '\uFFFD', 'z'].map((project) => usageRow({ project }));
    const closed = await close({ rows, cards: [], teams: [] }).catch((error: Error) => error);
    expect(closed).toMatchObject({ message: expect.stringContaining('There is no rate card') });
    const { bills } = await closeMonth({
      adjustments: [],
      pools: [],
      exchangeRates: [],
      period: '2026-10',
      usage: rows,
      cards: [card()],
      teams: [],
    });
    expect(bills[0]?.bill.lines.map(({ project }) => project)).toEqual([
      'z',
      '\uFFFD',
      '\u{1F600}',
    ]);
  });

  it('take ids for what they are: no name is special', async () => {
    const rows = ['__proto__', 'constructor', 'toString'].map((project) =>
      usageRow({ project, class: project }),
    );
    const teams = rows.map(({ project }) => team(project, [{ project }]));
    const { bills } = await closeMonth({
      adjustments: [],
      pools: [],
      exchangeRates: [],
      period: '2026-10',
      usage: rows,
      cards: [card()],
      teams,
    });
    expect(bills.map(({ bill }) => [bill.team, bill.total])).toEqual([
      ['__proto__', '1.00'],
      ['constructor', '1.00'],
      ['toString', '1.00'],
    ]);
  });

  it('do not list a rule minimum that the lines reach', async () => {
    const totals = ['0.99', '1.00', '1.01'].map(async (minimum) => {
      const cards = [card({ rules: [rule({ minimum })] })];
      const { bills } = await closeMonth({
        adjustments: [],
        pools: [],
        exchangeRates: [],
        period: '2026-10',
        usage: [usageRow()],
        cards,
        teams: [],
      });
      return bills[0]?.bill.lines.map(({ rule: id, amount }) => `${id} ${amount}`);
    });
    expect(await Promise.all(totals)).toEqual([
      ['cores 1.00'],
      ['cores 1.00'],
      ['cores 1.00', 'cores:minimum 0.01'],
    ]);
  });

  it('name the measures that must not be added up over resources', () => {
    const price = { model: 'flat', amount: '1', per: 'resource-month' } as const;
    const rules = [rule(), rule({ id: 'ips', measure: 'floating_ip', price })];
    expect(measuresByResource([readRateCard(card({ rules }))])).toEqual(new Set(['floating_ip']));
  });

  it('cannot charge resources that the usage does not name', async () => {
    const price = { model: 'flat', amount: '744', per: 'resource-month' } as const;
    const cards = [card({ rules: [rule({ price })] })];
    const refusal = closeMonth({
      adjustments: [],
      pools: [],
      exchangeRates: [],
      period: '2026-10',
      usage: [usageRow()],
      cards,
      teams: [],
    });
    await expect(refusal).rejects.toThrow('Rule "cores" charges per resource-month');
  });
});

describe('the hashes of a close', () => {
  const input = {
    adjustments: [],
    pools: [],
    exchangeRates: [],
    period: '2026-10',
    usage: [0, 1].map((hour) => usageRow({ hour: octoberHour(hour) })),
    cards: [card()],
    teams: [team('payments', [{ project: 'p1' }])],
  };

  it('are of the canonical JSON of a bill', async () => {
    const [first] = (await closeMonth(input)).bills;
    const text =
      '{"currency":"EUR","lines":[{"amount":"2.00","band":0,"card":"std","class":"m1.small","measure":"cores","project":"p1","quantity":"2","region":"west","rule":"cores"}],"period":"2026-10","team":"payments","total":"2.00"}';
    expect(canonicalJson(first?.bill)).toBe(text);
    expect(first?.sha256).toBe(await sha256Hex(text));
  });

  it('are SHA-256 as published', async () => {
    // FIPS 180-2, appendix B.1.
    expect(await sha256Hex('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it.each([
    ['usage', { usage: [...input.usage, usageRow({ quantity: '0.000000000001' })] }, 'usageSha256'],
    ['a card', { cards: [card({ rules: [rule(), rule({ id: 'x', measure: 'x' })] })] }, 'cards'],
    ['a team', { teams: [{ ...team('payments', [{ project: 'p1' }]), name: 'P' }] }, 'teams'],
  ] as const)('tell a change of %s from the inputs', async (_name, change, part) => {
    const [one, other] = [await closeMonth(input), await closeMonth({ ...input, ...change })];
    expect(other.manifest[part]).not.toEqual(one.manifest[part]);
    const rest = (['usageSha256', 'cards', 'teams'] as const).filter((name) => name !== part);
    for (const name of rest) expect(other.manifest[name]).toEqual(one.manifest[name]);
  });

  it('tell in which hour the usage was', async () => {
    const moved = [0, 2].map((hour) => usageRow({ hour: octoberHour(hour) }));
    const [one, other] = [await closeMonth(input), await closeMonth({ ...input, usage: moved })];
    expect(other.sha256).toBe(one.sha256);
    expect(other.manifest.usageSha256).not.toBe(one.manifest.usageSha256);
  });

  it('cover what is unrated', async () => {
    const free = usageRow({ measure: 'volume' });
    const [one, other] = [
      await closeMonth(input),
      await closeMonth({ ...input, usage: [...input.usage, free] }),
    ];
    expect(other.bills).toEqual(one.bills);
    expect(other.sha256).not.toBe(one.sha256);
  });

  it('leave cards out that are not in force in the month', async () => {
    const later = card({ id: 'later', effectiveFrom: '2026-11-01' });
    const { manifest } = await closeMonth({ ...input, cards: [later, ...input.cards] });
    expect(manifest.cards.map(({ id }) => id)).toEqual(['std']);
  });
});
