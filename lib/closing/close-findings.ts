import {
  BILLING_SETTINGS_ID,
  type BillingSettings,
  readBillingSettings,
} from '../billing/billing-settings.ts';
import { type CloseFinding, closeFindings } from '../billing/close-checks.ts';
import type { ClosedMonth } from '../billing/close-month.ts';
import { addMonths } from '../period/calendar.ts';
import type { RatePorts } from './closing-ports.ts';

type Ports = Pick<RatePorts, 'bills' | 'configuration'>;

/** The settings as they are now; all defaults where there are none. */
export async function billingSettings({
  configuration,
}: {
  readonly configuration: Pick<RatePorts['configuration'], 'list'>;
}): Promise<BillingSettings> {
  const [present] = await configuration.list('billing-settings');
  return present === undefined ? { id: BILLING_SETTINGS_ID } : readBillingSettings(present.body);
}

/** What a person should look at before the month is issued. */
export async function findingsOf(ports: Ports, closed: ClosedMonth): Promise<CloseFinding[]> {
  const settings = await billingSettings(ports);
  const last = addMonths(closed.period, -1);
  const record = await ports.bills.getPeriod(last);
  const found =
    record === null || record.state === 'open'
      ? null
      : await ports.bills.listBills(last, record.revision);
  const bills = found?.bills ?? [];
  const isComparable =
    bills.length > 0 && bills.every(({ currency }) => currency === closed.currency);
  return closeFindings({ closed, previous: isComparable ? bills : null, settings });
}
