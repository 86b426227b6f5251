import { divideHalfEven, unscaledAt } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { addMoney, type Money, money, moneyText } from '../money/money.ts';
import { compositeKey } from '../rating/interner.ts';
import { type Amounts, amountsOf, type ComparedBill } from './compared-amounts.ts';
import type { Effect, Effects } from './effects.ts';

interface Change {
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  readonly effects: Effects;
}

/** What changed of a project and measure; both empty for adjustments of the whole bill. */
export interface ChangedRow extends Change {
  readonly project: string;
  readonly measure: string;
}

/** What changed of a team, and by what rows. */
export interface TeamChange extends Change {
  readonly team: string;
  /** Sorted by project and measure. */
  readonly rows: readonly ChangedRow[];
}

/** What changed of all bills. */
export interface BillChanges extends Change {
  /** Sorted by team; of all that have a bill in one of the months. */
  readonly teams: readonly TeamChange[];
}

/**
 * Why bills of one month come to another amount than those of an earlier one.
 *
 * Usage is told by (team, project, region, measure, class), over rules, cards and bands: q0, a0 before and q1, a1
 * after. Where both are there, volume = a0 x (q1 - q0) / q0, half-even to the minor unit (more or less of it, at
 * what a unit came to before), and price = (a1 - a0) - volume (what a unit comes to now: another card, rule, band,
 * allowance or exchange rate). What is there only after is new (a1), what was there only before is gone (-a0).
 * Lines of cost pools, commitments, minimums and other adjustments have an effect of their own each: after less
 * before. So the effects add up to the difference of the totals, to the last minor unit, at every level.
 */
export function billChanges(
  before: readonly ComparedBill[],
  after: readonly ComparedBill[],
  currency: CurrencyCode,
): BillChanges {
  const teams = [...new Set([...before, ...after].map(({ team }) => team))].toSorted(compareText);
  const changes = teams.map((team) => {
    const [then, now] = [before, after].map((bills) => bills.find((one) => one.team === team));
    return {
      team,
      rows: changedRows(amountsOf(then, currency), amountsOf(now, currency), currency),
    };
  });
  return {
    ...changeOf(
      changes.flatMap(({ rows }) => rows),
      currency,
    ),
    teams: changes.map(({ team, rows }) => ({
      team,
      ...changeOf(rows, currency),
      rows: rows.map((row) => ({
        project: row.project,
        measure: row.measure,
        ...changeOf([row], currency),
      })),
    })),
  };
}

interface Row {
  readonly project: string;
  readonly measure: string;
  before: Money;
  after: Money;
  readonly effects: Map<Effect, Money>;
}

function changedRows(
  then: ReadonlyMap<string, Amounts>,
  now: ReadonlyMap<string, Amounts>,
  currency: CurrencyCode,
): Row[] {
  const rows = new Map<string, Row>();
  const nothing = money(0n, currency);
  for (const name of new Set([...then.keys(), ...now.keys()])) {
    const [was, is] = [then.get(name), now.get(name)];
    const { project, measure } = (is ?? was) as Amounts;
    const key = compositeKey([project, measure]);
    const row = rows.get(key) ?? {
      project,
      measure,
      before: nothing,
      after: nothing,
      effects: new Map(),
    };
    rows.set(key, row);
    row.before = addMoney(row.before, was?.amount ?? nothing);
    row.after = addMoney(row.after, is?.amount ?? nothing);
    for (const [effect, minor] of effectsOf(was, is)) {
      row.effects.set(effect, addMoney(row.effects.get(effect) ?? nothing, money(minor, currency)));
    }
  }
  return [...rows.values()].toSorted(
    (a, b) => compareText(a.project, b.project) || compareText(a.measure, b.measure),
  );
}

/** In minor units. */
function effectsOf(
  was: Amounts | undefined,
  is: Amounts | undefined,
): (readonly [Effect, bigint])[] {
  const [then, now] = [was?.amount.minor ?? 0n, is?.amount.minor ?? 0n];
  const part = (is ?? was)?.part ?? 'usage';
  if (part !== 'usage') return [[part, now - then]];
  if (was === undefined) return [['new', now]];
  if (is === undefined) return [['gone', -then]];
  const scale = Math.max(was.quantity.scale, is.quantity.scale);
  const [q0, q1] = [unscaledAt(was.quantity, scale), unscaledAt(is.quantity, scale)];
  const volume = divideHalfEven(then * (q1 - q0), q0);
  return [
    ['volume', volume],
    ['price', now - then - volume],
  ];
}

function changeOf(rows: readonly Row[], currency: CurrencyCode): Change {
  const sum = (of: (row: Row) => Money | undefined) =>
    rows.reduce(
      (total, row) => addMoney(total, of(row) ?? money(0n, currency)),
      money(0n, currency),
    );
  const [before, after] = [sum((row) => row.before), sum((row) => row.after)];
  const effect = (name: Effect) => moneyText(sum(({ effects }) => effects.get(name)));
  return {
    before: moneyText(before),
    after: moneyText(after),
    difference: moneyText(money(after.minor - before.minor, currency)),
    effects: {
      price: effect('price'),
      volume: effect('volume'),
      new: effect('new'),
      gone: effect('gone'),
      pools: effect('pools'),
      commitments: effect('commitments'),
      minimums: effect('minimums'),
      adjustments: effect('adjustments'),
    },
  };
}
