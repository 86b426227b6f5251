import { ProblemError } from '../errors.ts';
import { addMonths, isMonth, type Month, monthOf } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { BillStore, PeriodRecord } from '../ports/documents.ts';

/** How often a change of the record that lost to another is tried again on what the other left. */
const ATTEMPTS_MAX = 5;

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

/**
 * Changes the record whatever others do to it meanwhile: `change` sees what is there, and gives
 * null to leave it.
 */
export async function updatePeriod(
  bills: BillStore,
  period: Month,
  change: (present: PeriodRecord | null) => PeriodRecord | null,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const present = await bills.getPeriod(period);
    const next = change(present);
    if (next === null) return;
    try {
      return await replacePeriod(bills, present, next);
    } catch (error) {
      const lost = error instanceof ProblemError && error.kind === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

/** `previous` is the month before the present one: what the schedule closes. */
export function readPeriod(text: string, now: Date): Month {
  if (text === 'previous') return addMonths(monthOf(instantOfDate(now)), -1);
  const isGiven: boolean = isMonth(text);
  if (isGiven) return text;
  throw new ProblemError('invalid', `"${text.slice(0, 80)}" is not a month: write it as 2026-10.`);
}
