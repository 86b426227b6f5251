import { ProblemError } from '../errors.ts';
import { addMonths, isMonth, type Month, monthOf } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { BillStore, PeriodRecord } from '../ports/documents.ts';

/** A month that nothing was billed of yet. */
export function openPeriod(period: Month, at: Date): PeriodRecord {
  return {
    period,
    state: 'open',
    revision: 0,
    sha256: null,
    manifestKey: null,
    closedBy: null,
    issuedBy: null,
    updatedAt: at.toISOString(),
  };
}

/** Writes the record unless any other write came between. */
export async function replacePeriod(
  bills: BillStore,
  present: PeriodRecord | null,
  next: PeriodRecord,
): Promise<void> {
  const { revision, state, version } = present ?? {};
  const expected =
    revision === undefined || state === undefined
      ? null
      : { revision, state, ...(version === undefined ? {} : { version }) };
  await bills.putPeriod(next, expected);
}

/** `previous` is the month before the present one: what the schedule closes. */
export function readPeriod(text: string, now: Date): Month {
  if (text === 'previous') return addMonths(monthOf(instantOfDate(now)), -1);
  const isGiven: boolean = isMonth(text);
  if (isGiven) return text;
  throw new ProblemError('invalid', `"${text.slice(0, 80)}" is not a month: write it as 2026-10.`);
}
