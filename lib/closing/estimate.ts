import { estimateMonth } from '../billing/estimate-month.ts';
import { signedTerms } from '../billing/line-terms.ts';
import { ProblemError } from '../errors.ts';
import { addMonths, type Month, periodOfMonth } from '../period/calendar.ts';
import { type InstantUs, instantOfDate } from '../period/instant.ts';
import { billsExtraSchema } from './bills-extra.ts';
import type { RatePorts } from './closing-ports.ts';
import { openPeriod, replacePeriod } from './period-record.ts';
import { authorsOf, pricingOf, withRatingInputs } from './rating-inputs.ts';

/** Estimates are revision 0; closes count from 1. */
const ESTIMATE_REVISION = 0;

export interface Estimate {
  readonly period: Month;
  readonly estimated: boolean;
  /** Why there is no new estimate; null when there is one. */
  readonly reason: string | null;
}

/**
 * Brings the estimate of a month up to date. What a person has to put right (no card, contradicting
 * shares) is told in the answer: metering goes on without an estimate.
 */
export async function estimate(ports: RatePorts, period: Month): Promise<Estimate> {
  const present = await ports.bills.getPeriod(period);
  if (present?.state === 'issued') return left(period, 'its bills are issued');
  let isUsed = true;
  try {
    await withRatingInputs(ports, period, async (inputs) => {
      // A neighbour's samples touch the last day of the month before: no reason to show that month.
      isUsed = present !== null || inputs.through !== null;
      if (!isUsed) return;
      const made = await estimateMonth({
        period,
        usage: inputs.rows,
        ...pricingOf(inputs),
        through: throughOf(period, inputs.through, ports.now()),
        dayCostsBefore: await dayCostsOf(ports, addMonths(period, -1)),
      });
      const authors = authorsOf(inputs.adjustments);
      const generatedAt = ports.now().toISOString();
      const bills = made.bills.map(({ bill, sha256 }) => ({
        period,
        revision: ESTIMATE_REVISION,
        team: bill.team,
        state: 'estimate' as const,
        number: null,
        sha256,
        currency: bill.currency,
        total: bill.total,
        body: bill,
        terms: signedTerms(made.terms.get(bill.team) ?? [], bill.lines, authors),
        generatedAt,
      }));
      const { currency, unrated, projectedRange, dayCosts } = made;
      const extra = { currency, unrated, projectedRange, dayCosts };
      await ports.bills.putBills(period, ESTIMATE_REVISION, bills, extra);
    });
  } catch (error) {
    if (error instanceof ProblemError && error.kind !== 'busy') return left(period, error.message);
    throw error;
  }
  if (!isUsed) return left(period, 'it has no usage');
  if (present === null) await open(ports, period);
  return { period, estimated: true, reason: null };
}

/** How the days of a month went, as its last estimate saw them; undefined where it had none. */
async function dayCostsOf({ bills }: RatePorts, period: Month) {
  const extra = await bills.getExtra(period, ESTIMATE_REVISION);
  return extra === undefined ? undefined : billsExtraSchema.parse(extra).dayCosts;
}

/** What the estimate covers: all of a month that is over, else up to the last hour that has usage. */
function throughOf(period: Month, through: InstantUs | null, now: Date): InstantUs {
  const { start, end } = periodOfMonth(period);
  return instantOfDate(now) >= end ? end : Math.min(through ?? start, end);
}

async function open({ bills, now }: RatePorts, period: Month): Promise<void> {
  try {
    await replacePeriod(bills, null, openPeriod(period, now()));
  } catch (error) {
    // Another estimate, or a close, was faster: it has a record, which is all that was wanted.
    if (!(error instanceof ProblemError && error.kind === 'conflict')) throw error;
  }
}

function left(period: Month, reason: string): Estimate {
  return { period, estimated: false, reason };
}
