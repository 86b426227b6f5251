import { describe, expect, it } from 'vitest';
import {
  billDocumentSchema,
  draftDocument,
  issuedDocument,
  isUnaltered,
} from '../../../lib/billing/bill-document.ts';
import { closeMonth } from '../../../lib/billing/close-month.ts';
import { card, team, usageRow } from '../rating/documents.ts';

const MAKING = { revision: 2, generatedAt: '2026-11-03T00:00:00Z', generatedBy: 'ann' };
const ISSUING = { number: 'R-000007', issuedAt: '2026-11-04T00:00:00Z', issuedBy: 'ben' };

async function draft() {
  const { bills } = await closeMonth({
    adjustments: [],
    pools: [],
    exchangeRates: [],
    period: '2026-10',
    usage: [usageRow()],
    cards: [card()],
    teams: [team('payments', [{ project: 'p1' }])],
  });
  const [first] = bills;
  if (first === undefined) throw new Error('the month has a bill');
  return draftDocument(first, MAKING);
}

describe('a stored bill', () => {
  it('is a draft without number, then issued with one, and says the same', async () => {
    const reviewed = await draft();
    const issued = issuedDocument(reviewed, ISSUING);
    expect(reviewed).toMatchObject({ state: 'draft', number: null, issuedAt: null, ...MAKING });
    expect(issued).toMatchObject({ state: 'issued', ...MAKING, ...ISSUING });
    expect([issued.bill, issued.sha256]).toEqual([reviewed.bill, reviewed.sha256]);
  });

  it('is never issued twice', async () => {
    const issued = issuedDocument(await draft(), ISSUING);
    expect(() => issuedDocument(issued, ISSUING)).toThrow('never issued again');
  });

  it('shows by its hash whether somebody altered it', async () => {
    const stored = billDocumentSchema.parse(JSON.parse(JSON.stringify(await draft())));
    expect(await isUnaltered(stored)).toBe(true);
    expect(await isUnaltered({ ...stored, bill: { ...stored.bill, total: '0.99' } })).toBe(false);
    expect(await isUnaltered({ ...stored, generatedBy: 'eve' })).toBe(true);
  });

  it('is not read back when it has no number though it is issued', async () => {
    const stored = { ...issuedDocument(await draft(), ISSUING), number: null };
    expect(billDocumentSchema.safeParse(stored).success).toBe(false);
  });
});
