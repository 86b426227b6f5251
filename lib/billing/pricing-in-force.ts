import { periodOfMonth } from '../period/calendar.ts';
import { billAdjustmentsOf, isCommitment } from '../rating/adjustment.ts';
import { cardCalendar } from '../rating/card-calendar.ts';
import { poolsOfMonth } from '../rating/cost-pool.ts';
import { type CloseInput, readInputs } from './close-input.ts';
import { canonicalJson } from './sha256.ts';

interface Span {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * What of the configuration has a part in the bills of a month, as text: while it is the same, and the
 * usage is, the bills are. What a team is called, and mappings that end before the month or begin
 * after it, have none.
 *
 * @throws ProblemError `invalid`, `refused`
 */
export function pricingInForce(input: CloseInput): string {
  const { period } = input;
  const read = readInputs(input);
  const { start, end } = periodOfMonth(period);
  const counts = ({ from, to }: Span) => (from ?? start) < end && (to ?? end) > start;
  const pools = [...poolsOfMonth(read.pools, period).values()].flat();
  const calendar = cardCalendar(read.cards, period, pools, read.exchangeRates);
  const [cards, conversions] = [new Set(calendar.cards), new Set(calendar.conversions.values())];
  const ofBills = new Set(billAdjustmentsOf(read.adjustments, period));
  return canonicalJson({
    currency: calendar.currency,
    cards: kept(read.cards, input.cards, (card) => cards.has(card)),
    teams: read.teams
      .map(({ id, projects }, index) => {
        const { projects: mappings } = input.teams[index] as { readonly projects: unknown[] };
        return { id, projects: kept(projects, mappings, counts) };
      })
      .filter(({ projects }) => projects.length > 0),
    adjustments: kept(read.adjustments, input.adjustments, (one) =>
      isCommitment(one) ? counts(one) : ofBills.has(one),
    ),
    pools: kept(read.pools, input.pools, (pool) => pool.period === period),
    exchangeRates: kept(read.exchangeRates, input.exchangeRates, (rate) => conversions.has(rate)),
  });
}

/** The documents of what was read from them and counts. */
function kept<T>(
  read: readonly T[],
  documents: readonly unknown[],
  counts: (one: T) => boolean,
): unknown[] {
  return documents.filter((_, index) => counts(read[index] as T));
}
