import { describe, expectTypeOf, it } from 'vitest';
import {
  add,
  compare,
  type Decimal,
  decimal,
  decimalOf,
  multiply,
  roundHalfEven,
} from '../../lib/decimal/decimal.ts';
import { allocate } from '../../lib/money/allocate.ts';
import {
  addMoney,
  type ExactAmount,
  type Money,
  money,
  moneyOf,
  moneyText,
  roundToMinor,
  timesRatio,
} from '../../lib/money/money.ts';
import type { RatedLine } from '../../lib/rating/rated-month.ts';

const price = decimalOf('0.0125');
const due = money(152n, 'EUR');

/** Never called: each line must fail to compile, which `tsc` holds in `npm run check`. */
function refused(float: number, text: string): unknown[] {
  return [
    // @ts-expect-error a float is no decimal
    add(price, float),
    // @ts-expect-error nor a factor of one
    multiply(float, price),
    // @ts-expect-error nor what one is compared with
    compare(price, 0.5),
    // @ts-expect-error nor its digits
    decimal(float, 2),
    // @ts-expect-error a decimal is read from text alone
    decimalOf(float),
    // @ts-expect-error operators do not take decimals
    price * 2,
    // @ts-expect-error nor their digits, with a float
    price.unscaled * float,
    // @ts-expect-error an amount is whole minor units
    money(1.52, 'EUR'),
    // @ts-expect-error and no float
    money(float, 'EUR'),
    // @ts-expect-error amounts are added to amounts
    addMoney(due, float),
    // @ts-expect-error not to decimals
    addMoney(due, price),
    // @ts-expect-error operators do not take amounts
    due + due,
    // @ts-expect-error nor their units, with a float
    due.minor * float,
    // @ts-expect-error a ratio is of whole numbers
    timesRatio(due, float, 3n),
    // @ts-expect-error weights are whole numbers
    allocate(due, [0.5, 0.5]),
    // @ts-expect-error what is rounded is exact
    roundToMinor({ numerator: float, scale: 0, divisor: 1n }, 'EUR'),
    // @ts-expect-error an amount is read from text alone
    moneyOf(float, 'EUR'),
    // @ts-expect-error a decimal is no amount
    moneyText(price),
    // @ts-expect-error text is no decimal before it was read
    roundHalfEven(text, 2),
  ];
}

/** Types are checked by `tsc`, as what is refused above is. */
describe('money and quantities', () => {
  it('have no number in the position of a value', () => {
    expectTypeOf<Decimal['unscaled']>().toEqualTypeOf<bigint>();
    expectTypeOf<Money['minor']>().toEqualTypeOf<bigint>();
    expectTypeOf<ExactAmount['numerator']>().toEqualTypeOf<bigint>();
    expectTypeOf<ExactAmount['divisor']>().toEqualTypeOf<bigint>();
    expectTypeOf<RatedLine['quantity']>().toEqualTypeOf<Decimal>();
    expectTypeOf<RatedLine['amount']>().toEqualTypeOf<Money>();
  });

  it('are not each other, nor a number', () => {
    expectTypeOf(refused).returns.toEqualTypeOf<unknown[]>();
    expectTypeOf<number>().not.toExtend<Decimal>();
    expectTypeOf<Decimal>().not.toExtend<number>();
    expectTypeOf<Money>().not.toExtend<Decimal>();
    expectTypeOf<Decimal>().not.toExtend<Money>();
    expectTypeOf(add).parameters.toEqualTypeOf<[Decimal, Decimal]>();
    expectTypeOf(addMoney).parameters.toEqualTypeOf<[Money, Money]>();
  });
});
