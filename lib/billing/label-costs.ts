import { assert } from '../assert.ts';
import { add, type Decimal, powerOfTen, toText, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { allocate } from '../money/allocate.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { addMoney, type Money, money, moneyText, sumMoney } from '../money/money.ts';
import { compositeKey } from '../rating/interner.ts';
import type { RatedLine } from '../rating/rated-month.ts';
import { originName, type UsageOrigin } from '../rating/usage-origins.ts';
import { billLine } from './bill.ts';
import { lineName } from './compare-bills.ts';
import { keptUsage, rowsOf } from './kept-usage.ts';
import { type PricedMonth, type PriceMonthInput, priceMonth } from './price-month.ts';

/** What resources with one value of a label cost a team. */
export interface LabelCost {
  readonly team: string;
  readonly measure: string;
  /** Null: resources without the label. */
  readonly value: string | null;
  readonly quantity: string;
  readonly amount: string;
}

export interface LabelCosts {
  readonly currency: CurrencyCode;
  /** What the bills come to. */
  readonly total: string;
  /** Sorted by team, measure and value, the one without last; with `shared` they add up to the bills. */
  readonly costs: readonly LabelCost[];
  /** By team: commitments, adjustments, minimums and idle cost, which are of no resource. */
  readonly shared: readonly { readonly team: string; readonly amount: string }[];
}

type Priced = Pick<PricedMonth, 'rated' | 'adjustments'>;

/** A part of a line: of the resources with one value. */
interface Part {
  readonly value: string | null;
  readonly quantity: Decimal;
  readonly weight: bigint;
}

/**
 * What the bills of a month come to by the values of a label.
 *
 * @param team null: of all
 */
export async function costsByLabel(
  input: PriceMonthInput,
  { label, team }: { readonly label: string; readonly team: string | null },
): Promise<LabelCosts> {
  const kept = await keptUsage(input);
  const bills = await priceMonth({ ...input, usage: rowsOf(kept) });
  const labelled = await priceMonth({ ...input, usage: rowsOf(kept), label, traced: true });
  return labelCosts(bills, labelled, team);
}

/**
 * Divides the lines of the bills among the values of a label: each by what its usage with that value costs exactly, to
 * the last minor unit by largest remainder.
 *
 * @param bills the month as it is billed
 * @param labelled the same, with lines told apart by the label, and traced
 */
function labelCosts(bills: Priced, labelled: Priced, team: string | null): LabelCosts {
  const { currency } = bills.rated;
  const all = [...bills.rated.lines, ...bills.adjustments];
  const lines = all.filter((line) => team === null || line.team === team);
  const parts = new LineParts(labelled);
  const sums = new Map<
    string,
    {
      readonly key: Pick<LabelCost, 'team' | 'measure' | 'value'>;
      quantity: Decimal;
      amount: Money;
    }
  >();
  for (const line of lines.filter(isOfUsage)) {
    const own = parts.of(line);
    const amounts = allocate(
      line.amount,
      own.map(({ weight }) => weight),
    );
    for (const [index, { value, quantity }] of own.entries()) {
      const key = { team: line.team, measure: line.measure, value };
      const name = compositeKey([key.team, key.measure, value === null ? '' : `=${value}`]);
      const sum = sums.get(name) ?? { key, quantity: ZERO, amount: money(0n, currency) };
      sums.set(name, sum);
      sum.quantity = add(sum.quantity, quantity);
      sum.amount = addMoney(sum.amount, amounts[index] ?? money(0n, currency));
    }
  }
  const shared = Map.groupBy(
    lines.filter((line) => !isOfUsage(line)),
    (line) => line.team,
  );
  return {
    currency,
    total: moneyText(
      sumMoney(
        lines.map(({ amount }) => amount),
        currency,
      ),
    ),
    costs: [...sums.values()]
      .map(({ key, quantity, amount }) => ({
        ...key,
        quantity: toText(quantity),
        amount: moneyText(amount),
      }))
      .sort(byValue),
    shared: [...shared]
      .map(([name, of]) => ({
        team: name,
        amount: moneyText(
          sumMoney(
            of.map(({ amount }) => amount),
            currency,
          ),
        ),
      }))
      .sort((a, b) => compareText(a.team, b.team)),
  };
}

/** Lines of commitments, adjustments and idle capacity have no project. */
function isOfUsage({ project }: RatedLine): boolean {
  return project !== '';
}

function byValue(a: LabelCost, b: LabelCost): number {
  const order = compareText(a.team, b.team) || compareText(a.measure, b.measure);
  if (order !== 0 || a.value === b.value) return order;
  if (a.value === null || b.value === null) return a.value === null ? 1 : -1;
  return compareText(a.value, b.value);
}

class LineParts {
  readonly #byLine: ReadonlyMap<string, readonly RatedLine[]>;
  readonly #origins: ReadonlyMap<string, readonly UsageOrigin[]>;

  constructor({ rated }: Priced) {
    this.#byLine = Map.groupBy(rated.lines, nameOf);
    this.#origins = Map.groupBy(rated.origins, (origin) => originName({ ...origin, class: '' }));
  }

  /** In the order in which equal remainders are raised; not all of no weight. */
  of(line: RatedLine): readonly Part[] {
    const parts = line.basis.kind === 'pool' ? this.#ofPool(line) : this.#ofRule(line);
    return parts.some(({ weight }) => weight > 0n) ? parts : parts.map(byQuantity);
  }

  #ofRule(line: RatedLine): Part[] {
    const own = this.#byLine.get(nameOf(line)) ?? [];
    assert(own.length > 0, 'a line that is told apart is still there');
    const exact = own.map(({ basis }) => (basis.kind === 'rule' ? basis.exact.numerator : 0n));
    // Prices of one line may be below 0 all together; what goes both ways is divided by quantity.
    const isMixed = exact.some((one) => one > 0n) && exact.some((one) => one < 0n);
    return own.map(({ label, quantity }, index) => {
      const weight = exact[index] ?? 0n;
      return {
        value: label ?? null,
        quantity,
        weight: isMixed ? 0n : weight < 0n ? -weight : weight,
      };
    });
  }

  /** A pool is divided by use, so a part of it is, too. */
  #ofPool(line: RatedLine): Part[] {
    const origins = this.#origins.get(originName({ ...line, class: '' })) ?? [];
    const byLabel = new Map<string | null, Decimal>();
    for (const { label = null, shares, covered } of origins) {
      const taken = covered.map(({ quantity }) => quantity).reduce(add, ZERO);
      const used = shares.map(({ part }) => part).reduce(add, ZERO);
      const rest = add(used, { ...taken, unscaled: -taken.unscaled });
      byLabel.set(label, add(byLabel.get(label) ?? ZERO, rest));
    }
    return [...byLabel].map(([value, quantity]) => byQuantity({ value, quantity, weight: 0n }));
  }
}

/** Quantities have one scale or fewer decimals. */
const SCALE = 60;

function byQuantity({ value, quantity }: Part): Part {
  return { value, quantity, weight: quantity.unscaled * powerOfTen(SCALE - quantity.scale) };
}

function nameOf(line: RatedLine): string {
  return compositeKey([line.team, lineName(billLine(line))]);
}
