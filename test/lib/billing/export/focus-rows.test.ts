import { describe, expect, it } from 'vitest';
import type { CloseInput } from '../../../../lib/billing/close-input.ts';
import { FOCUS_COLUMNS, type FocusRow } from '../../../../lib/billing/export/focus-columns.ts';
import { focusRows } from '../../../../lib/billing/export/focus-rows.ts';
import { add, decimalOf, multiply, toText, ZERO } from '../../../../lib/decimal/decimal.ts';
import { card, octoberHour, rule, team, usageRow } from '../../rating/documents.ts';
import { exportableMonth } from './exportable-month.ts';
import { WHOLE_MONTH } from './whole-month.ts';

const whole = await exportableMonth(WHOLE_MONTH);
const rows = focusRows(whole);

/** Of the list of the specification, what bills have. */
const SERVICES = [
  'Compute/Virtual Machines',
  'Networking/Network Connectivity',
  'Other/Other (Other)',
  'Storage/Block Storage',
  'Storage/Object Storage',
  'Storage/Other (Storage)',
];

function sum(of: readonly FocusRow[], column: 'BilledCost' | 'EffectiveCost'): string {
  return toText(of.map((row) => decimalOf(row[column] ?? '')).reduce(add, ZERO));
}

function kind(name: string): FocusRow[] {
  return rows.filter((row) => row.x_LineKind === name);
}

async function rowOf(changes: Partial<CloseInput>): Promise<FocusRow> {
  const nothing = { teams: [], adjustments: [], pools: [], exchangeRates: [] };
  const input = { period: '2026-10', usage: [usageRow()], cards: [card()], ...nothing, ...changes };
  const [row] = focusRows(await exportableMonth(input));
  return row ?? {};
}

describe('FOCUS rows', () => {
  it('cover a line of every kind', () => {
    expect(new Set(rows.map((row) => row.x_LineKind))).toEqual(
      new Set([
        ...['rule', 'pool', 'idle', 'commitment', 'rule-minimum', 'discount', 'minimum'],
        ...['surcharge', 'charge', 'credit'],
      ]),
    );
  });

  it('add up, billed and effective, to each bill', () => {
    for (const { bill } of whole.closed.bills) {
      const own = rows.filter((row) => row.BillingAccountId === bill.team);
      expect(sum(own, 'BilledCost')).toBe(toText(decimalOf(bill.total)));
      expect(sum(own, 'EffectiveCost')).toBe(toText(decimalOf(bill.total)));
    }
  });

  it('have list and contracted costs that are their unit prices times their quantities, unrounded', () => {
    const priced = rows.filter((row) => row.ListUnitPrice !== undefined);
    expect(priced.length).toBeGreaterThan(10);
    for (const { ListUnitPrice, ContractedUnitPrice, PricingQuantity, ...costs } of priced) {
      const quantity = decimalOf(PricingQuantity ?? '');
      const product = (price = '') => toText(multiply(decimalOf(price), quantity));
      expect(costs.ListCost).toBe(product(ListUnitPrice));
      expect(costs.ContractedCost).toBe(product(ContractedUnitPrice));
    }
  });

  it('tell a commitment as a purchase, and what of it was used and unused as what it cost', () => {
    const told = kind('commitment').map((row) => [
      row.ChargeCategory,
      row.CommitmentDiscountStatus,
      row.CommitmentDiscountQuantity,
      row.ConsumedQuantity,
      row.BilledCost,
      row.EffectiveCost,
    ]);
    // 2 cores for 744 hours at 0.0071; in each of five hours 2 of the 4.1 that were used.
    expect(told).toEqual([
      ['Purchase', undefined, '1488', undefined, '10.56', '0'],
      ['Usage', 'Used', '10', '10', '0', '0.07'],
      ['Usage', 'Unused', '1478', undefined, '0', '10.49'],
    ]);
  });

  it('tell no unused part of a commitment that was used up', async () => {
    const month = await exportableMonth({
      ...{ period: '2026-10', cards: [card()], pools: [], exchangeRates: [] },
      usage: [usageRow({ hour: octoberHour(0), quantity: '5' })],
      teams: [team('payments', [{ project: 'p1', share: 100 }])],
      adjustments: [
        {
          ...{ id: 'hour', type: 'commitment', team: 'payments', measure: 'cores' },
          ...{ quantityPerHour: '2', unitPrice: '0.333', from: '2026-10-01' },
          to: '2026-10-01T01:00:00Z',
        },
      ],
    });
    const own = focusRows(month).filter((row) => row.x_LineKind === 'commitment');
    expect(own.map((row) => [row.ChargeCategory, row.EffectiveCost])).toEqual([
      ['Purchase', '0'],
      ['Usage', '0.67'],
    ]);
  });

  it('count the months of a resource, the packages, and units beyond the allowance', () => {
    const of = (id: string) => rows.filter((row) => row.x_RuleId === id);
    const told = (row: FocusRow | undefined) => [
      ...[row?.ConsumedQuantity, row?.ConsumedUnit],
      ...[row?.PricingQuantity, row?.PricingUnit, row?.ListUnitPrice],
    ];
    expect(told(of('vms')[0])).toEqual([
      ...['5', 'Instance-Hours', '0.006720430108', 'Months', '25'],
    ]);
    expect(told(of('egress')[0])).toEqual(['38.5', 'GiB', '8', 'Packages', '1.1']);
    expect(told(of('cores')[0])).toEqual([
      ...['20.61728394506', 'vCPU-Hours', '10.61728394506', 'vCPU-Hours', '0.0123'],
    ]);
  });

  it('tell prices in the currency of the card, and costs in the one that is billed', async () => {
    const row = await rowOf({
      usage: [usageRow({ quantity: '10' })],
      cards: [
        card({ currency: 'USD', rules: [rule({ price: { model: 'unit', unitPrice: '2' } })] }),
      ],
      exchangeRates: [{ id: 'usd', from: 'USD', to: 'EUR', rate: '0.9', date: '2026-10-30' }],
    });
    expect(row).toMatchObject({
      ...{ BillingCurrency: 'EUR', BilledCost: '18.00', ListUnitPrice: '1.8', ListCost: '18' },
      ...{ PricingCurrency: 'USD', PricingCurrencyListUnitPrice: '2' },
      PricingCurrencyEffectiveCost: '20',
    });
  });

  it('tell what an amount is credited or charged for, and credit what a negative price gives back', () => {
    expect(kind('charge')[0]).toMatchObject({
      ChargeCategory: 'Adjustment',
      ChargeFrequency: 'One-Time',
      ChargeDescription: 'Charge setup: New "rack"; see T-1',
    });
    expect(kind('credit')[0]).toMatchObject({ ChargeCategory: 'Credit', ListCost: '-1.23' });
    const image = rows.find((row) => row.x_RuleId === 'images');
    expect(image).toMatchObject({ ChargeCategory: 'Credit', BilledCost: '-1.50' });
    expect(image).not.toHaveProperty('ListUnitPrice');
  });

  it('name whom, what and where: team, project, region, service, SKU, invoice', () => {
    const row = rows.find(({ x_RuleId }) => x_RuleId === 'volumes');
    expect(row).toMatchObject({
      ...{ BillingAccountId: 'payments', BillingAccountName: 'Payments & Co' },
      ...{ SubAccountId: 'p1', SubAccountName: 'p1', RegionId: 'west', InvoiceId: '2026-000001' },
      ...{ ServiceCategory: 'Storage', ServiceName: 'Block Storage (Cinder)' },
      ...{ SkuId: 'volume/ssd', SkuPriceId: 'volume/ssd/std/volumes/1', x_CostCentre: '0400' },
      ...{ InvoiceIssuerName: 'Cloud Operations', ChargePeriodEnd: '2026-11-01T00:00:00Z' },
    });
    expect(JSON.parse(row?.Tags ?? '')).toEqual({
      'headroom/costCentre': '0400',
      'headroom/glAccount': '6805',
      'headroom/purchaseOrder': 'PO-7',
    });
    const unassigned = rows.find((one) => one.BillingAccountId === 'unassigned');
    expect(unassigned?.BillingAccountName).toBe('unassigned');
    expect(unassigned).not.toHaveProperty('Tags');
  });

  it('tell notes as corrections of the month that they correct', async () => {
    const earlier: CloseInput = { ...WHOLE_MONTH, period: '2026-10' };
    const late = { ...earlier, usage: [...(earlier.usage as []), usageRow({ quantity: '50' })] };
    const month = await exportableMonth(
      { ...WHOLE_MONTH, period: '2026-11', usage: [] },
      { earlier, late },
    );
    const notes = focusRows(month).filter((row) => row.ChargeClass === 'Correction');
    const totals = month.month.documents.filter(({ kind: of }) => of !== 'bill');
    expect(sum(notes, 'BilledCost')).toBe(
      toText(totals.map(({ total }) => decimalOf(total)).reduce(add, ZERO)),
    );
    expect(notes[0]).toMatchObject({
      ...{ InvoiceId: 'N2026-000001', x_CorrectedInvoiceId: '2026-000101' },
      ...{ BillingPeriodStart: '2026-11-01T00:00:00Z', ChargePeriodStart: '2026-10-01T00:00:00Z' },
      ...{ ChargeCategory: 'Usage', x_CorrectionReason: 'late-usage' },
    });
    expect(notes[0]).not.toHaveProperty('ListUnitPrice');
  });

  it('are told of bills whose terms were never kept as well, with what a unit came to', () => {
    const { closed } = whole;
    const old = focusRows({ ...whole, terms: new Map() });
    expect(sum(old, 'BilledCost')).toBe(
      toText(closed.bills.map(({ bill }) => decimalOf(bill.total)).reduce(add, ZERO)),
    );
    // 0.60 for 160 GiB-hours
    expect(old.find((row) => row.x_RuleId === 'ram')?.ListUnitPrice).toBe('0.00375');
  });

  it('have the values that FOCUS allows, which its validator does not look at row by row', () => {
    for (const row of rows) {
      expect(['Usage', 'Purchase', 'Credit', 'Adjustment']).toContain(row.ChargeCategory);
      expect(['One-Time', 'Recurring', 'Usage-Based']).toContain(row.ChargeFrequency);
      expect([undefined, 'Standard', 'Committed', 'Other']).toContain(row.PricingCategory);
      expect(SERVICES).toContain(`${row.ServiceCategory}/${row.ServiceSubcategory}`);
    }
  });

  it('have no column twice, ours behind those of FOCUS, and never an empty text', () => {
    const names: readonly string[] = FOCUS_COLUMNS.map(({ name }) => name);
    const own = names.findIndex((name) => name.startsWith('x_'));
    expect(new Set(names).size).toBe(names.length);
    expect(names.slice(own).every((name) => name.startsWith('x_'))).toBe(true);
    expect(names.slice(0, own)).toEqual(names.slice(0, own).toSorted());
    for (const row of rows) {
      for (const [name, value] of Object.entries(row)) {
        expect(names, name).toContain(name);
        expect(value.trim(), name).not.toBe('');
      }
    }
  });
});
