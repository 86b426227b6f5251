/** Of the specification that the rows keep to. */
export const FOCUS_VERSION = '1.2';

/**
 * What a column holds, and how exactly. `amount`: money with 12 decimals. `price` and `quantity`: 12
 * decimals each, so that `cost`, their product, needs 24 and is never rounded.
 */
export type FocusType =
  | 'text'
  | 'json'
  | 'time'
  | 'whole'
  | 'amount'
  | 'cost'
  | 'price'
  | 'quantity';

/** Decimals of what is no whole number. */
export const FOCUS_SCALES = { amount: 12, cost: 24, price: 12, quantity: 12 } as const;

/**
 * The columns of FOCUS 1.2 (CostAndUsage) that bills can fill, and after them our own. Availability
 * zones and capacity reservations are not: bills know none.
 */
export const FOCUS_COLUMNS = [
  { name: 'BilledCost', type: 'amount' },
  { name: 'BillingAccountId', type: 'text' },
  { name: 'BillingAccountName', type: 'text' },
  { name: 'BillingAccountType', type: 'text' },
  { name: 'BillingCurrency', type: 'text' },
  { name: 'BillingPeriodEnd', type: 'time' },
  { name: 'BillingPeriodStart', type: 'time' },
  { name: 'ChargeCategory', type: 'text' },
  { name: 'ChargeClass', type: 'text' },
  { name: 'ChargeDescription', type: 'text' },
  { name: 'ChargeFrequency', type: 'text' },
  { name: 'ChargePeriodEnd', type: 'time' },
  { name: 'ChargePeriodStart', type: 'time' },
  { name: 'CommitmentDiscountCategory', type: 'text' },
  { name: 'CommitmentDiscountId', type: 'text' },
  { name: 'CommitmentDiscountName', type: 'text' },
  { name: 'CommitmentDiscountQuantity', type: 'quantity' },
  { name: 'CommitmentDiscountStatus', type: 'text' },
  { name: 'CommitmentDiscountType', type: 'text' },
  { name: 'CommitmentDiscountUnit', type: 'text' },
  { name: 'ConsumedQuantity', type: 'quantity' },
  { name: 'ConsumedUnit', type: 'text' },
  { name: 'ContractedCost', type: 'cost' },
  { name: 'ContractedUnitPrice', type: 'price' },
  { name: 'EffectiveCost', type: 'amount' },
  { name: 'InvoiceId', type: 'text' },
  { name: 'InvoiceIssuerName', type: 'text' },
  { name: 'ListCost', type: 'cost' },
  { name: 'ListUnitPrice', type: 'price' },
  { name: 'PricingCategory', type: 'text' },
  { name: 'PricingCurrency', type: 'text' },
  { name: 'PricingCurrencyContractedUnitPrice', type: 'price' },
  { name: 'PricingCurrencyEffectiveCost', type: 'amount' },
  { name: 'PricingCurrencyListUnitPrice', type: 'price' },
  { name: 'PricingQuantity', type: 'quantity' },
  { name: 'PricingUnit', type: 'text' },
  { name: 'ProviderName', type: 'text' },
  { name: 'PublisherName', type: 'text' },
  { name: 'RegionId', type: 'text' },
  { name: 'RegionName', type: 'text' },
  { name: 'ResourceId', type: 'text' },
  { name: 'ResourceName', type: 'text' },
  { name: 'ResourceType', type: 'text' },
  { name: 'ServiceCategory', type: 'text' },
  { name: 'ServiceName', type: 'text' },
  { name: 'ServiceSubcategory', type: 'text' },
  { name: 'SkuId', type: 'text' },
  { name: 'SkuMeter', type: 'text' },
  { name: 'SkuPriceDetails', type: 'json' },
  { name: 'SkuPriceId', type: 'text' },
  { name: 'SubAccountId', type: 'text' },
  { name: 'SubAccountName', type: 'text' },
  { name: 'SubAccountType', type: 'text' },
  { name: 'Tags', type: 'json' },
  { name: 'x_Band', type: 'whole' },
  { name: 'x_BillRevision', type: 'whole' },
  { name: 'x_BillSha256', type: 'text' },
  { name: 'x_BillState', type: 'text' },
  { name: 'x_CardId', type: 'text' },
  { name: 'x_Class', type: 'text' },
  { name: 'x_CorrectedInvoiceId', type: 'text' },
  { name: 'x_CorrectionReason', type: 'text' },
  { name: 'x_CostCentre', type: 'text' },
  { name: 'x_DocumentType', type: 'text' },
  { name: 'x_GlAccount', type: 'text' },
  { name: 'x_LineKind', type: 'text' },
  { name: 'x_LineNumber', type: 'whole' },
  { name: 'x_ManifestSha256', type: 'text' },
  { name: 'x_Measure', type: 'text' },
  { name: 'x_PurchaseOrder', type: 'text' },
  { name: 'x_RuleId', type: 'text' },
] as const satisfies readonly { readonly name: string; readonly type: FocusType }[];

export type FocusColumn = (typeof FOCUS_COLUMNS)[number]['name'];

/** A row of the dataset: decimals in plain notation, times as `2026-10-01T00:00:00Z`; what is left out is null. */
export type FocusRow = Readonly<Partial<Record<FocusColumn, string>>>;
