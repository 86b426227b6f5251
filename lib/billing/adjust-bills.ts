import { type Decimal, powerOfTen, ZERO } from '../decimal/decimal.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { addMoney, type Money, money, roundToMinor, sumMoney, timesRatio } from '../money/money.ts';
import type { BillAdjustment } from '../rating/adjustment.ts';
import type { CardCalendar } from '../rating/card-calendar.ts';
import type { RatedLine } from '../rating/rated-month.ts';
import { ruleMinimums } from '../rating/rule-minimum.ts';

/** Percents are of a hundred. */
const HUNDRED_DIGITS = 2;

export interface AdjustmentInput {
  /** The month's usage, commitment and pool lines, rounded. */
  readonly lines: readonly RatedLine[];
  readonly calendar: CardCalendar;
  /** Those that count in the month. Within a kind they apply in the order given. */
  readonly adjustments: readonly BillAdjustment[];
}

/** The kinds in the order in which they apply; charges and credits are one kind. */
const ORDER = [['discount'], ['minimum'], ['surcharge'], ['charge', 'credit']] as const;

/**
 * The lines that follow a team's usage lines: rule minimums, discounts, team minimums, surcharges,
 * charges and credits (DESIGN section 5). One of 0 is not listed.
 *
 * @returns in the order applied
 */
export function adjustmentLines(input: AdjustmentInput): RatedLine[] {
  const { lines, calendar, adjustments } = input;
  const book = new Adjusting(lines, calendar.currency);
  for (const line of ruleMinimums(lines, calendar)) book.add(line);
  for (const kinds of ORDER) {
    for (const adjustment of adjustments) {
      if ((kinds as readonly string[]).includes(adjustment.type)) book.apply(adjustment);
    }
  }
  return book.added;
}

/** Bills while adjustments are applied to them. */
class Adjusting {
  readonly added: RatedLine[] = [];
  readonly #currency: CurrencyCode;
  readonly #original: ReadonlyMap<string, readonly RatedLine[]>;
  /** What each team's bill comes to so far. */
  readonly #standing = new Map<string, Money>();

  constructor(lines: readonly RatedLine[], currency: CurrencyCode) {
    this.#currency = currency;
    this.#original = Map.groupBy(lines, ({ team }) => team);
    for (const [team, own] of this.#original) {
      const amounts = own.map(({ amount }) => amount);
      this.#standing.set(team, sumMoney(amounts, currency));
    }
  }

  add(line: RatedLine): void {
    this.added.push(line);
    this.#standing.set(line.team, addMoney(this.#standingOf(line.team), line.amount));
  }

  apply(adjustment: BillAdjustment): void {
    const teams = adjustment.team === undefined ? [...this.#standing.keys()] : [adjustment.team];
    for (const team of teams) {
      const base = this.#baseOf(adjustment, team);
      const amount = this.#amountOf(adjustment, team, base);
      if (amount.minor === 0n) continue;
      const basis = {
        kind: 'adjustment',
        adjustment,
        base,
        standing: this.#standingOf(team),
      } as const;
      this.add({ ...lineOf(adjustment, team), amount, basis });
    }
  }

  /** Of a discount the original lines that it matches, of others the bill as it stands. */
  #baseOf(adjustment: BillAdjustment, team: string): Money {
    if (adjustment.type !== 'discount') return this.#standingOf(team);
    const { project, measure } = adjustment;
    const matching = (this.#original.get(team) ?? []).filter(
      (line) =>
        (project === undefined || line.project === project) &&
        (measure === undefined || line.measure === measure),
    );
    return sumMoney(
      matching.map((line) => line.amount),
      this.#currency,
    );
  }

  #amountOf(adjustment: BillAdjustment, team: string, base: Money): Money {
    switch (adjustment.type) {
      case 'discount':
        return this.#discount(adjustment, base, this.#standingOf(team));
      case 'minimum': {
        const missing = this.#fixed(adjustment.amount).minor - base.minor;
        return this.#money(missing > 0n ? missing : 0n);
      }
      case 'surcharge':
        return percentOf(base, adjustment.percent);
      case 'charge':
        return this.#fixed(adjustment.amount);
      case 'credit':
        return this.#money(-this.#fixed(adjustment.amount).minor);
      default:
        return adjustment satisfies never;
    }
  }

  /** Never more than there is. */
  #discount(
    { percent, amount }: Extract<BillAdjustment, { type: 'discount' }>,
    base: Money,
    standing: Money,
  ): Money {
    const cut = percent ? percentOf(base, percent) : this.#fixed(amount ?? ZERO);
    const most = [cut.minor, base.minor, standing.minor];
    const least = most.reduce((a, b) => (b < a ? b : a));
    return this.#money(least > 0n ? -least : 0n);
  }

  #standingOf(team: string): Money {
    return this.#standing.get(team) ?? this.#money(0n);
  }

  #fixed({ unscaled: numerator, scale }: Decimal): Money {
    return roundToMinor({ numerator, scale, divisor: 1n }, this.#currency);
  }

  #money(minor: bigint): Money {
    return money(minor, this.#currency);
  }
}

function percentOf(base: Money, { unscaled, scale }: Decimal): Money {
  return timesRatio(base, unscaled, powerOfTen(scale + HUNDRED_DIGITS));
}

function lineOf(adjustment: BillAdjustment, team: string): Omit<RatedLine, 'amount' | 'basis'> {
  return {
    team,
    project: '',
    region: '',
    measure: adjustment.type === 'discount' ? (adjustment.measure ?? '') : '',
    class: '',
    rule: adjustment.id,
    card: '',
    band: 0,
    quantity: ZERO,
    growsWithUse: false,
  };
}
