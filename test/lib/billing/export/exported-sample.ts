import type {
  ExportedDocument,
  ExportedLine,
  ExportedMonth,
} from '../../../../lib/billing/export/exported-month.ts';
import { DEFAULT_WORDING } from '../../../../lib/billing/wording.ts';

const HASH = 'ab'.repeat(32);

export function line(fields: Partial<ExportedLine> = {}): ExportedLine {
  return {
    project: 'p1',
    region: 'west',
    measure: 'cores',
    class: 'm1.large',
    rule: 'cores',
    card: 'std@2026-10-01',
    band: 0,
    quantity: '744',
    unit: 'core-hour',
    amount: '9.30',
    ...fields,
  };
}

/** What an adjustment leaves empty. */
export const ADJUSTMENT = { project: '', region: '', class: '', card: '', unit: '' } as const;

export function bill(fields: Partial<ExportedDocument> = {}): ExportedDocument {
  return {
    kind: 'bill',
    state: 'issued',
    number: '2026-000001',
    team: 'payments',
    billedTo: { name: 'Payments', costCentre: 'CC-100', purchaseOrder: 'PO-7' },
    total: '9.30',
    sha256: HASH,
    issuedAt: '2026-11-03T10:00:00.000Z',
    corrects: null,
    exchangeRates: [],
    projection: null,
    lines: [line()],
    ...fields,
  };
}

export function month(fields: Partial<ExportedMonth> = {}): ExportedMonth {
  return {
    period: '2026-10',
    currency: 'EUR',
    revision: 1,
    team: null,
    wording: DEFAULT_WORDING,
    documents: [bill()],
    unrated: [],
    ...fields,
  };
}
