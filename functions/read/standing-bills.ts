import { ProblemError } from '../../lib/errors.ts';
import type { Month } from '../../lib/period/calendar.ts';
import type { BillRecord, BillStore } from '../../lib/ports/documents.ts';
import { extraOf } from './bill-documents.ts';

/**
 * The bills of a month that stand, of the last close or else the estimate, with their currency.
 *
 * @throws ProblemError `not_found`
 */
export async function standingBills(
  bills: Pick<BillStore, 'getPeriod' | 'listBills'>,
  period: Month,
): Promise<{ readonly bills: readonly BillRecord[] } & ReturnType<typeof extraOf>> {
  const record = await bills.getPeriod(period);
  const found = await bills.listBills(period, record?.revision ?? 0);
  if (found !== null) return { bills: found.bills, ...extraOf(found.extra) };
  throw new ProblemError(
    'not_found',
    `There are no bills of ${period}: no usage of it has been metered, or none was rated yet.`,
  );
}
