import { assert } from '../assert.ts';
import { billDocumentSchema } from '../billing/bill-document.ts';
import type { IssuedBill } from '../billing/corrections.ts';
import type { Month } from '../period/calendar.ts';
import type { BillStore } from '../ports/documents.ts';
import { type BillsExtra, billsExtraSchema } from './bills-extra.ts';

/** The bills of an issued month as they went out, and what was unrated then. */
export async function issuedBillsOf(
  bills: Pick<BillStore, 'getPeriod' | 'listBills'>,
  period: Month,
): Promise<{ readonly bills: IssuedBill[] } & Pick<BillsExtra, 'currency' | 'unrated'>> {
  const record = await bills.getPeriod(period);
  assert(record?.state === 'issued', `${period} is issued`);
  const found = await bills.listBills(period, record.revision);
  assert(found !== null, `${period} is issued, so it has bills`);
  const { currency, unrated } = billsExtraSchema.parse(found.extra);
  const issued = found.bills.map(({ team, number, sha256, body }) => {
    assert(number !== null, 'an issued bill has a number');
    return { team, number, sha256, lines: billDocumentSchema.shape.bill.parse(body).lines };
  });
  return { bills: issued, currency, unrated };
}
