import {
  compare,
  decimal,
  decimalOf,
  isZero,
  multiply,
  roundHalfEven,
  toText,
  ZERO,
} from '../../decimal/decimal.ts';
import { hoursOfMonth } from '../../period/calendar.ts';
import type { LineTerms } from '../line-terms.ts';
import { FOCUS_SCALES, type FocusRow } from './focus-columns.ts';
import { commitmentCharges } from './focus-commitment.ts';
import {
  type ChargedLine,
  costs,
  divided,
  pricedIn,
  quantityText,
  skuOf,
  unitPriced,
} from './focus-price.ts';

type RuleTerms = Extract<LineTerms, { readonly kind: 'rule' }>;
/** The columns that tell what is charged and how it is priced: of a commitment, up to three rows. */
export function chargesOf(charged: ChargedLine): FocusRow[] {
  const { terms } = charged;
  switch (terms.kind) {
    case 'rule':
      return [ruleCharge(charged, terms)];
    case 'pool':
      return [poolCharge(charged, terms)];
    case 'commitment':
      return commitmentCharges(charged, terms);
    case 'charge':
    case 'credit':
      return [adjustment(charged, 'One-Time')];
    default:
      return [adjustment(charged, 'Recurring')];
  }
}

/** What an issued bill is corrected by: differences, which have no price of their own. */
export function correctionOf({ line, currency, unit }: Omit<ChargedLine, 'terms'>): FocusRow {
  const isUsage = line.project !== '';
  const quantity = quantityText(decimalOf(line.quantity));
  const used = { ConsumedQuantity: quantity, ConsumedUnit: unit };
  const pricedAs = { PricingQuantity: quantity, PricingUnit: unit, PricingCategory: 'Standard' };
  return {
    ChargeCategory: isUsage ? 'Usage' : 'Adjustment',
    ChargeClass: 'Correction',
    ChargeFrequency: isUsage ? 'Usage-Based' : 'One-Time',
    ...costs(line.amount, currency),
    ...(isUsage ? { ...used, ...pricedAs, ...skuOf(line) } : {}),
  };
}

function ruleCharge(charged: ChargedLine, terms: RuleTerms): FocusRow {
  const { line, currency } = charged;
  if (isBelowZero(line.amount) || (terms.unitPrice ?? '').startsWith('-')) {
    return adjustment(charged, 'Recurring');
  }
  return {
    ...usage(charged, {
      frequency: terms.model === 'flat' ? 'Recurring' : 'Usage-Based',
      category: 'Standard',
    }),
    ...(terms.unitPrice === null
      ? unitCost(charged, terms)
      : listPrice(charged, { ...terms, unitPrice: terms.unitPrice })),
    PricingUnit: pricingUnit(terms, charged.unit),
    ...pricedIn(terms, { billed: line.amount, currency }),
  };
}

function pricingUnit({ model }: RuleTerms, unit: string): string {
  if (model === 'package') return 'Packages';
  return model === 'flat' ? 'Months' : unit;
}

/** Price x what has it, exactly. */
function listPrice(
  { period }: ChargedLine,
  terms: RuleTerms & { readonly unitPrice: string },
): FocusRow {
  const own = decimalOf(terms.unitPrice);
  const price = roundHalfEven(
    terms.rate === undefined ? own : multiply(own, decimalOf(terms.rate)),
    FOCUS_SCALES.price,
  );
  const counted = decimalOf(terms.priced);
  const months = divided(counted, decimal(BigInt(hoursOfMonth(period)), 0));
  const priced = terms.perHoursOfMonth ? months : counted;
  return {
    ...unitPriced(price, roundHalfEven(priced, FOCUS_SCALES.quantity)),
    PricingCurrencyListUnitPrice: toText(roundHalfEven(own, FOCUS_SCALES.price)),
    PricingCurrencyContractedUnitPrice: toText(roundHalfEven(own, FOCUS_SCALES.price)),
  };
}

/** What a unit came to, where no price says so: shares of a pool, and hours that are priced one by one. */
function unitCost(
  { line }: ChargedLine,
  { rate }: { readonly rate?: string | undefined },
): FocusRow {
  const amount = decimalOf(line.amount);
  const used = roundHalfEven(decimalOf(line.quantity), FOCUS_SCALES.quantity);
  const quantity = isZero(used) ? decimal(1n, 0) : used;
  const price = divided(amount, quantity);
  const own = toText(rate === undefined ? price : divided(price, decimalOf(rate)));
  return {
    ...unitPriced(price, quantity),
    PricingCurrencyListUnitPrice: own,
    PricingCurrencyContractedUnitPrice: own,
  };
}

function poolCharge(
  charged: ChargedLine,
  terms: { readonly rate?: string | undefined; currency: string },
) {
  const { line, currency, unit } = charged;
  return {
    ...usage(charged, { frequency: 'Usage-Based', category: 'Other' }),
    ...unitCost(charged, terms),
    PricingUnit: unit,
    ...pricedIn(terms, { billed: line.amount, currency }),
  };
}

function usage(
  { line, unit }: ChargedLine,
  { frequency, category }: { readonly frequency: string; readonly category: string },
): FocusRow {
  return {
    ChargeCategory: 'Usage',
    ChargeFrequency: frequency,
    PricingCategory: category,
    BilledCost: line.amount,
    EffectiveCost: line.amount,
    ConsumedQuantity: quantityText(decimalOf(line.quantity)),
    ConsumedUnit: unit,
    ...skuOf(line),
  };
}

/** What has no price: all its costs are what is billed. */
function adjustment({ line, currency }: ChargedLine, frequency: string): FocusRow {
  return {
    ChargeCategory: isBelowZero(line.amount) ? 'Credit' : 'Adjustment',
    ChargeFrequency: frequency,
    ...costs(line.amount, currency),
  };
}

function isBelowZero(amount: string): boolean {
  return compare(decimalOf(amount), ZERO) < 0;
}
