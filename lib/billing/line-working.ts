import { add, type Decimal, fromInteger, ZERO } from '../decimal/decimal.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { type Money, roundToMinor } from '../money/money.ts';
import { hoursOfMonth, type Month } from '../period/calendar.ts';
import type {
  AdjustmentBasis,
  CommitmentBasis,
  PoolBasis,
  RuleBasis,
  RuleMinimumBasis,
} from '../rating/line-basis.ts';
import type { RatedLine } from '../rating/rated-month.ts';
import { moneyTerm, term, type Working, type WorkingInput, working } from './working.ts';

/** What explains a line beside the line itself. */
export interface WorkingContext {
  readonly period: Month;
  /** Of the line's measure; null where it is not known. */
  readonly unit: string | null;
}

/** How the amount of a line comes about. */
export function lineWorking(line: RatedLine, context: WorkingContext): Working {
  return working(inputOf(line, context), line.amount);
}

function inputOf({ basis, band, amount }: RatedLine, context: WorkingContext): WorkingInput {
  switch (basis.kind) {
    case 'rule':
      return ruleInput(basis, band, context);
    case 'commitment':
      return commitmentInput(basis, amount.currency, context);
    case 'pool':
      return poolInput(basis, context);
    case 'rule-minimum':
      return ruleMinimumInput(basis);
    case 'adjustment':
      return adjustmentInput(basis);
    default:
      return basis satisfies never;
  }
}

function ruleInput(
  { rule: { price }, card: { currency }, priced, rate }: RuleBasis,
  band: number,
  { unit, period }: WorkingContext,
): WorkingInput {
  const units = term('units beyond the allowance', priced, unit ?? '');
  switch (price.model) {
    case 'unit':
      return { factors: [units, term('price of a unit', price.unitPrice, currency)], rate };
    case 'graduated':
    case 'volume': {
      const unitPrice = price.bands[band]?.unitPrice ?? ZERO;
      return {
        factors: [units, term(`price of a unit in band ${band}`, unitPrice, currency)],
        rate,
      };
    }
    case 'package':
      return {
        factors: [
          term('packages first used here', priced, ''),
          term('price of a package', price.packagePrice, currency),
        ],
        rate,
      };
    case 'flat':
      if (price.per === 'month') {
        const charged = term('charged on this line: 1, or 0 where another has it', priced, '');
        return { factors: [charged, term('amount of a month', price.amount, currency)], rate };
      }
      return {
        factors: [
          term('hours of resources', priced, 'resource-hour'),
          term('amount of a resource and month', price.amount, currency),
        ],
        dividedBy: [term('hours of the month', fromInteger(hoursOfMonth(period)), '')],
        rate,
      };
    case 'hashmap':
      return { factors: [term('sum of the prices of its hours', priced, currency)], rate };
    default:
      return price satisfies never;
  }
}

function commitmentInput(
  { commitment, hours }: CommitmentBasis,
  currency: CurrencyCode,
  { unit }: WorkingContext,
): WorkingInput {
  const { quantityPerHour, unitPrice } = commitment;
  return {
    factors: [
      term('committed in each hour', quantityPerHour, unit ?? ''),
      term('hours of the month in force', fromInteger(hours), ''),
      term('price of a unit', unitPrice, currency),
    ],
  };
}

function poolInput(
  { pool, total, weight, share, whole }: PoolBasis,
  { unit }: WorkingContext,
): WorkingInput {
  const weights = Object.values(pool.weights);
  return {
    factors: [
      moneyTerm('the pool', total),
      term('weight of the measure', weight, ''),
      term('units of this part', share, unit ?? ''),
    ],
    dividedBy: [
      term('all weights', weights.reduce(add, ZERO), ''),
      term('units the measure is divided over', whole, unit ?? ''),
    ],
    rule: 'largest-remainder',
  };
}

function ruleMinimumInput({ owed, charged }: RuleMinimumBasis): WorkingInput {
  return { factors: [moneyTerm('the minimum', owed)], less: moneyTerm('charged', charged) };
}

const HUNDRED = term('of a hundred', fromInteger(100), '');

function adjustmentInput({ adjustment, base, standing }: AdjustmentBasis): WorkingInput {
  switch (adjustment.type) {
    case 'discount': {
      const { percent, amount = ZERO } = adjustment;
      const of = moneyTerm('the lines it is of', base);
      const cut =
        percent === undefined
          ? { factors: [term('amount', amount, base.currency)] }
          : { factors: [of, term('percent', percent, '%')], dividedBy: [HUNDRED] };
      return { ...cut, atMost: [of, moneyTerm('the bill so far', standing)], isGivenBack: true };
    }
    case 'minimum':
      return {
        factors: [moneyTerm('the minimum', inMinor(adjustment.amount, base.currency))],
        less: moneyTerm('the bill so far', standing),
      };
    case 'surcharge':
      return {
        factors: [moneyTerm('the bill so far', standing), term('percent', adjustment.percent, '%')],
        dividedBy: [HUNDRED],
      };
    case 'charge':
    case 'credit':
      return {
        factors: [term('amount', adjustment.amount, base.currency)],
        isGivenBack: adjustment.type === 'credit',
      };
    default:
      return adjustment satisfies never;
  }
}

/** Rounded first, and then compared with the bill. */
function inMinor({ unscaled: numerator, scale }: Decimal, currency: CurrencyCode): Money {
  return roundToMinor({ numerator, scale, divisor: 1n }, currency);
}
