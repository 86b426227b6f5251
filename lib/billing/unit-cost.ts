import { type Decimal, decimal, divideHalfEven, powerOfTen, toText } from '../decimal/decimal.ts';
import { minorDigits } from '../money/currency.ts';
import type { Money } from '../money/money.ts';

/** Decimals that a unit cost has beyond those of its currency: an hour of a core costs cents. */
const MORE_DIGITS = 6;

/**
 * What a unit came to: amount / quantity, in major units, half-even to six decimals more than the currency has.
 * It is told and not charged.
 *
 * @returns null where nothing was used
 */
export function unitCost({ minor, currency }: Money, quantity: Decimal): string | null {
  if (quantity.unscaled <= 0n) return null;
  const raised = minor * powerOfTen(MORE_DIGITS + quantity.scale);
  return toText(
    decimal(divideHalfEven(raised, quantity.unscaled), minorDigits(currency) + MORE_DIGITS),
  );
}
