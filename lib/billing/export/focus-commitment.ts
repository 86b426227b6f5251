import {
  compare,
  type Decimal,
  decimalOf,
  isZero,
  multiply,
  roundHalfEven,
  subtract,
  toText,
  ZERO,
} from '../../decimal/decimal.ts';
import { minorDigits } from '../../money/currency.ts';
import type { LineTerms } from '../line-terms.ts';
import { FOCUS_SCALES, type FocusRow } from './focus-columns.ts';
import { type ChargedLine, quantityText, skuOf, unitPriced } from './focus-price.ts';

type CommitmentTerms = Extract<LineTerms, { readonly kind: 'commitment' }>;

/**
 * The purchase, which is billed, and what it was used for, which is not: the effective costs of used and
 * unused hours add up to what was billed.
 */
export function commitmentCharges(charged: ChargedLine, terms: CommitmentTerms): FocusRow[] {
  const { line, currency, unit } = charged;
  const billed = decimalOf(line.amount);
  const committed = decimalOf(line.quantity);
  const used = decimalOf(terms.used);
  const price = decimalOf(terms.unitPrice);
  const worth = roundHalfEven(multiply(used, price), minorDigits(currency));
  const rows = [
    { kind: 'purchase', quantity: committed, effective: ZERO },
    { kind: 'Used', quantity: used, effective: compare(worth, billed) > 0 ? billed : worth },
  ] as const;
  const unused = { kind: 'Unused', quantity: subtract(committed, used) } as const;
  const left = subtract(billed, rows[1].effective);
  return [...rows, { ...unused, effective: left }]
    .filter(({ kind, quantity }) => kind === 'purchase' || !isZero(quantity))
    .map(({ kind, quantity, effective }) => ({
      ...committedTo(charged, kind, quantity),
      ...unitPriced(
        roundHalfEven(price, FOCUS_SCALES.price),
        roundHalfEven(quantity, FOCUS_SCALES.quantity),
      ),
      BilledCost: kind === 'purchase' ? line.amount : toText(ZERO),
      EffectiveCost: toText(effective),
      PricingUnit: unit,
      PricingCurrencyListUnitPrice: toText(roundHalfEven(price, FOCUS_SCALES.price)),
      PricingCurrencyContractedUnitPrice: toText(roundHalfEven(price, FOCUS_SCALES.price)),
      PricingCurrency: currency,
      PricingCurrencyEffectiveCost: toText(effective),
    }));
}

function committedTo(
  { line, unit }: ChargedLine,
  kind: 'purchase' | 'Used' | 'Unused',
  quantity: Decimal,
): FocusRow {
  return {
    ChargeCategory: kind === 'purchase' ? 'Purchase' : 'Usage',
    ChargeFrequency: kind === 'purchase' ? 'Recurring' : 'Usage-Based',
    PricingCategory: kind === 'purchase' ? 'Standard' : 'Committed',
    CommitmentDiscountCategory: 'Usage',
    CommitmentDiscountId: line.rule,
    CommitmentDiscountType: 'Commitment',
    CommitmentDiscountQuantity: quantityText(quantity),
    CommitmentDiscountUnit: unit,
    ...(kind === 'purchase' ? {} : { CommitmentDiscountStatus: kind }),
    ...(kind === 'Used' ? { ConsumedQuantity: quantityText(quantity), ConsumedUnit: unit } : {}),
    ResourceId: line.rule,
    ResourceType: 'Commitment',
    ...skuOf(line),
  };
}
