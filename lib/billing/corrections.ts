import {
  add,
  type Decimal,
  decimalOf,
  isZero,
  negate,
  subtract,
  toText,
  ZERO,
} from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { addMoney, type Money, money, moneyOf, moneyText, sumMoney } from '../money/money.ts';
import type { Month } from '../period/calendar.ts';
import { compositeKey } from '../rating/interner.ts';
import type { BillLine, UnratedLine } from './bill.ts';

/** Why a line of an issued bill would be another today. */
export type CorrectionReason =
  /** Usage came, or was withdrawn, after the bill was issued. */
  | 'late-usage'
  /** The usage belongs to another team than it was billed to. */
  | 'teams'
  /** The usage is the same, and its price is not: cards, exchange rates or cost pools changed. */
  | 'prices'
  /** An adjustment changed, or follows from lines that did. */
  | 'adjustments';

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
  const reasons = new Reasons(input);
  const changed = [...standing.values()].filter(
    ({ quantity, amount }) => !isZero(quantity) || amount.minor !== 0n,
  );
  return [...Map.groupBy(changed, ({ team }) => team)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([team, lines]) => noteOf(input, reasons, { team, lines }));
}

function noteOf(
  { period, currency, issued }: CorrectionInput,
  reasons: Reasons,
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

type UsageKey = Pick<BillLine, 'project' | 'region' | 'measure' | 'class'>;

type Used = UsageKey & { readonly quantity: string };

/** Compares what was used, over all teams: where it is the same, something else changed. */
class Reasons {
  readonly #late = new Set<string>();
  readonly #moved = new Set<string>();

  constructor(input: CorrectionInput) {
    const then = new UsageByTeam([...input.issued, ...input.notes], input.unratedThen);
    const now = new UsageByTeam(input.bills, input.unratedNow);
    for (const name of new Set([...then.names(), ...now.names()])) {
      if (!isZero(subtract(now.total(name), then.total(name)))) this.#late.add(name);
      else if (!then.hasSameTeams(now, name)) this.#moved.add(name);
    }
  }

  of(key: UsageKey): CorrectionReason {
    // Lines of adjustments and of idle capacity have no project.
    if (key.project === '') return key.region === '' ? 'adjustments' : 'prices';
    const name = usageName(key);
    if (this.#late.has(name)) return 'late-usage';
    return this.#moved.has(name) ? 'teams' : 'prices';
  }
}

/** Used quantities per usage key and team. */
class UsageByTeam {
  readonly #usage = new Map<string, Map<string, Decimal>>();

  constructor(
    bills: readonly { readonly team: string; readonly lines: readonly Used[] }[],
    unrated: readonly UnratedLine[],
  ) {
    for (const { team, lines } of bills) for (const line of lines) this.#take(team, line);
    for (const line of unrated) this.#take(line.team, line);
  }

  #take(team: string, line: Used): void {
    if (line.project === '') return;
    const name = usageName(line);
    const teams = this.#usage.get(name) ?? new Map<string, Decimal>();
    this.#usage.set(name, teams);
    teams.set(team, add(teams.get(team) ?? ZERO, decimalOf(line.quantity)));
  }

  names(): Iterable<string> {
    return this.#usage.keys();
  }

  total(name: string): Decimal {
    return [...this.#teamsOf(name).values()].reduce(add, ZERO);
  }

  hasSameTeams(other: UsageByTeam, name: string): boolean {
    const [own, theirs] = [this.#teamsOf(name), other.#teamsOf(name)];
    return [...new Set([...own.keys(), ...theirs.keys()])].every((team) =>
      isZero(subtract(own.get(team) ?? ZERO, theirs.get(team) ?? ZERO)),
    );
  }

  #teamsOf(name: string): ReadonlyMap<string, Decimal> {
    return this.#usage.get(name) ?? new Map();
  }
}

/** Pool lines have no class: their usage is that of the measure. */
function usageName({ project, region, measure, class: ofClass }: UsageKey): string {
  return compositeKey([project, region, measure, ofClass]);
}

function lineName(team: string, line: Omit<BillLine, 'quantity' | 'amount'>): string {
  const { project, region, measure, class: ofClass, rule, card, band } = line;
  return compositeKey([team, project, region, measure, ofClass, rule, card, String(band)]);
}
