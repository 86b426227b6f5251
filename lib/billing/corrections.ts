import { add, type Decimal, decimalOf, isZero, negate, toText, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { addMoney, type Money, money, moneyOf, moneyText, sumMoney } from '../money/money.ts';
import type { Month } from '../period/calendar.ts';
import { compositeKey } from '../rating/interner.ts';
import type { BillLine, UnratedLine } from './bill.ts';
import { type CorrectionReason, CorrectionReasons } from './correction-reasons.ts';

/** What a line of the bill is corrected by; its key is that of the line. */
export interface NoteLine extends Omit<BillLine, 'quantity' | 'amount'> {
  /** Differences: what is true now, less what was billed and corrected before. */
  readonly quantity: string;
  readonly amount: string;
  readonly reason: CorrectionReason;
}

/** What one team is owed or owes beside an issued bill. */
export interface NoteBody {
  /** By the sign of the total; a note of 0 moves quantities or lines and is a credit note. */
  readonly kind: 'credit' | 'debit';
  readonly currency: CurrencyCode;
  readonly team: string;
  readonly corrects: {
    readonly period: Month;
    /** Null when the team had no bill of that month. */
    readonly number: string | null;
    readonly sha256: string | null;
  };
  readonly total: string;
  readonly lines: readonly NoteLine[];
}

/** A team's bill as it was issued. */
export interface IssuedBill {
  readonly team: string;
  readonly number: string;
  readonly sha256: string;
  readonly lines: readonly BillLine[];
}

/** An issued month: what was billed and corrected of it, and what would be billed today. */
export interface CorrectionInput {
  readonly period: Month;
  readonly currency: CurrencyCode;
  readonly issued: readonly IssuedBill[];
  /** What was unrated when the bills were issued: usage that was known then. */
  readonly unratedThen: readonly UnratedLine[];
  /** Issued notes that correct bills of the period. */
  readonly notes: readonly Pick<NoteBody, 'team' | 'lines'>[];
  /** The bills as they would be today. */
  readonly bills: readonly { readonly team: string; readonly lines: readonly BillLine[] }[];
  readonly unratedNow: readonly UnratedLine[];
}

interface Standing {
  readonly team: string;
  readonly key: Omit<BillLine, 'quantity' | 'amount'>;
  quantity: Decimal;
  amount: Money;
}

/**
 * The notes that bring what was billed for an issued month to what it would be today: bills, notes
 * before and these add up to it, line by line. None where nothing changed.
 *
 * @returns sorted by team; lines in the order of the bill that would be made today, then those that are gone
 */
export function correctionNotes(input: CorrectionInput): NoteBody[] {
  const { currency } = input;
  const standing = new Map<string, Standing>();
  const take = (team: string, line: BillLine, sign: 1 | -1): void => {
    const { quantity, amount, ...key } = line;
    const name = lineName(team, line);
    const known = standing.get(name) ?? { team, key, quantity: ZERO, amount: money(0n, currency) };
    const [q, a] = [decimalOf(quantity), moneyOf(amount, currency)];
    known.quantity = add(known.quantity, sign === 1 ? q : negate(q));
    known.amount = addMoney(known.amount, money(BigInt(sign) * a.minor, currency));
    standing.set(name, known);
  };
  for (const { team, lines } of input.bills) for (const line of lines) take(team, line, 1);
  for (const { team, lines } of input.issued) for (const line of lines) take(team, line, -1);
  for (const { team, lines } of input.notes) {
    for (const { reason: _reason, ...line } of lines) take(team, line, -1);
  }
  const reasons = new CorrectionReasons(
    { bills: [...input.issued, ...input.notes], unrated: input.unratedThen },
    { bills: input.bills, unrated: input.unratedNow },
  );
  const changed = [...standing.values()].filter(
    ({ quantity, amount }) => !isZero(quantity) || amount.minor !== 0n,
  );
  return [...Map.groupBy(changed, ({ team }) => team)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([team, lines]) => noteOf(input, reasons, { team, lines }));
}

function noteOf(
  { period, currency, issued }: CorrectionInput,
  reasons: CorrectionReasons,
  { team, lines }: { readonly team: string; readonly lines: readonly Standing[] },
): NoteBody {
  const bill = issued.find((one) => one.team === team);
  const amounts = lines.map(({ amount }) => amount);
  const total = sumMoney(amounts, currency);
  return {
    kind: total.minor > 0n ? 'debit' : 'credit',
    currency,
    team,
    corrects: { period, number: bill?.number ?? null, sha256: bill?.sha256 ?? null },
    total: moneyText(total),
    lines: lines.map(({ key, quantity, amount }) => ({
      ...key,
      quantity: toText(quantity),
      amount: moneyText(amount),
      reason: reasons.of(key),
    })),
  };
}

function lineName(team: string, line: Omit<BillLine, 'quantity' | 'amount'>): string {
  const { project, region, measure, class: ofClass, rule, card, band } = line;
  return compositeKey([team, project, region, measure, ofClass, rule, card, String(band)]);
}
