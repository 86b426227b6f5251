import { add, decimalOf, isZero, negate, subtract, toFixedText, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { compositeKey } from '../rating/interner.ts';
import type { BillLine, TeamBill } from './bill.ts';

/** A line that another making of the bills has otherwise, or not at all. */
export interface LineDifference extends Omit<BillLine, 'quantity' | 'amount'> {
  /** Null where there was no such line. */
  readonly before: string | null;
  /** Null where there is none any more. */
  readonly after: string | null;
}

export interface TeamDifference {
  readonly team: string;
  /** 0 where the team had no bill. */
  readonly before: string;
  readonly after: string;
  readonly change: string;
  readonly lines: readonly LineDifference[];
}

/** What differs between two makings of a month's bills, by team and line; sorted by team. */
export function compareBills(
  before: readonly TeamBill[],
  after: readonly TeamBill[],
): TeamDifference[] {
  const teams = [...new Set([...before, ...after].map(({ team }) => team))].toSorted(compareText);
  return teams.flatMap((team) => {
    const [then, now] = [before, after].map((bills) => bills.find((one) => one.team === team));
    const lines = lineDifferences(then?.lines ?? [], now?.lines ?? []);
    if (lines.length === 0) return [];
    const nothing = decimalOf((then ?? now)?.total ?? '0');
    const zero = subtract(nothing, nothing);
    const [was, is] = [then, now].map((bill) => add(zero, decimalOf(bill?.total ?? '0')));
    return [
      {
        team,
        before: toFixedText(was ?? ZERO),
        after: toFixedText(is ?? ZERO),
        change: toFixedText(add(is ?? ZERO, negate(was ?? ZERO))),
        lines,
      },
    ];
  });
}

function lineDifferences(before: readonly BillLine[], after: readonly BillLine[]) {
  const then = new Map(before.map((line) => [lineName(line), line]));
  const now = new Map(after.map((line) => [lineName(line), line]));
  return [...new Set([...now.keys(), ...then.keys()])].flatMap((name): LineDifference[] => {
    const [was, is] = [then.get(name), now.get(name)];
    const line = is ?? was;
    if (line === undefined || (was && is && isSame(was, is))) return [];
    const { quantity: _quantity, amount: _amount, ...key } = line;
    return [{ ...key, before: was?.amount ?? null, after: is?.amount ?? null }];
  });
}

function isSame(a: BillLine, b: BillLine): boolean {
  return a.amount === b.amount && isZero(subtract(decimalOf(a.quantity), decimalOf(b.quantity)));
}

/** One text for lines of one key. */
export function lineName(line: Omit<BillLine, 'quantity' | 'amount'>): string {
  const { project, region, measure, class: ofClass, rule, card, band } = line;
  return compositeKey([project, region, measure, ofClass, rule, card, String(band)]);
}
