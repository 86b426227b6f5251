import {
  type Decimal,
  decimal,
  decimalOf,
  divideHalfEven,
  multiply,
  powerOfTen,
  roundHalfEven,
  toText,
} from '../../decimal/decimal.ts';
import type { Month } from '../../period/calendar.ts';
import type { BillLine } from '../bill.ts';
import type { LineTerms } from '../line-terms.ts';
import { FOCUS_SCALES, type FocusRow } from './focus-columns.ts';

/** A line of a bill, and what its charge hangs on beside it. */
export interface ChargedLine {
  readonly line: BillLine;
  readonly terms: LineTerms;
  readonly period: Month;
  readonly currency: string;
  /** In the format of FOCUS: `vCPU-Hours`. */
  readonly unit: string;
}

/** Cards are what was agreed: list and contracted price are one. */
export function unitPriced(price: Decimal, quantity: Decimal): FocusRow {
  const cost = toText(multiply(price, quantity));
  return {
    ListUnitPrice: toText(price),
    ContractedUnitPrice: toText(price),
    PricingQuantity: toText(quantity),
    ListCost: cost,
    ContractedCost: cost,
  };
}

export function costs(amount: string, currency: string): FocusRow {
  return {
    BilledCost: amount,
    EffectiveCost: amount,
    ListCost: amount,
    ContractedCost: amount,
    PricingCurrency: currency,
    PricingCurrencyEffectiveCost: amount,
  };
}

export function pricedIn(
  { currency, rate }: { readonly currency: string; readonly rate?: string | undefined },
  { billed, currency: billing }: { readonly billed: string; readonly currency: string },
): FocusRow {
  if (rate === undefined) {
    return { PricingCurrency: billing, PricingCurrencyEffectiveCost: billed };
  }
  const own = divided(decimalOf(billed), decimalOf(rate));
  return { PricingCurrency: currency, PricingCurrencyEffectiveCost: toText(own) };
}

/** What is sold is a measure and class, whatever its price; what has the price is a rule of a card on top. */
export function skuOf({ measure, class: ofClass, card, rule, band }: BillLine): FocusRow {
  const sku = [measure, ofClass].filter((part) => part !== '').map(encodeURIComponent);
  const price = [measure, ofClass, card, rule].map(encodeURIComponent);
  const details = { x_Measure: measure, x_Class: ofClass, x_Card: card, x_Rule: rule };
  const told = Object.entries(details).filter(([, value]) => value !== '');
  return {
    SkuId: sku.join('/'),
    SkuMeter: measure,
    SkuPriceId: [...price, String(band)].join('/'),
    SkuPriceDetails: JSON.stringify({ ...Object.fromEntries(told), x_Band: band }),
  };
}

export function quantityText(quantity: Decimal): string {
  return toText(roundHalfEven(quantity, FOCUS_SCALES.quantity));
}

/** Rounded half-even to 12 decimals; the divisor is above zero. */
export function divided(a: Decimal, b: Decimal): Decimal {
  const scale = FOCUS_SCALES.price;
  const numerator = a.unscaled * powerOfTen(b.scale + scale);
  return decimal(divideHalfEven(numerator, b.unscaled * powerOfTen(a.scale)), scale);
}
