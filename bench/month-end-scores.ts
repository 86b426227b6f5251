import { addMonths, hoursOfMonth } from '../lib/period/calendar.ts';
import { PARTS, remainingCost } from '../lib/projection/remaining-cost.ts';
import { dayCosts, type TeamMonth } from './month-ends.ts';

/** How a projection fared; amounts are shares of what the month came to. */
export interface ScoredProjection {
  readonly hours: number;
  /** The month ended below P10, or above P90. */
  readonly below: boolean;
  readonly above: boolean;
  readonly error: number;
  /** Of the amount so far x hours of the month / hours so far. */
  readonly runRateError: number;
  readonly width: number;
}

/** Projects the month as it stood after so many hours; null while it had come to nothing. */
export function scoredProjection(
  { period, costs, before }: TeamMonth,
  hours: number,
  knowsBefore: boolean,
): ScoredProjection | null {
  const grown = sumOf(costs.slice(0, hours));
  if (grown === 0) return null;
  const hoursInMonth = hoursOfMonth(period);
  const { low, middle, high } = remainingCost({
    month: dayCosts(costs, period, hours),
    before: knowsBefore ? dayCosts(before, addMonths(period, -1), before.length) : null,
    grown: BigInt(Math.round(grown * 1e6)),
    elapsedHours: hours,
    hoursInMonth,
  });
  const truth = sumOf(costs);
  const share = (parts: bigint) => (grown / truth) * (1 + Number(parts) / Number(PARTS));
  // A month of the same cost every hour ends where it was foreseen, but for the digits of a float.
  const margin = 1e-9;
  return {
    hours,
    below: share(low) > 1 + margin,
    above: share(high) < 1 - margin,
    error: Math.abs(share(middle) - 1),
    runRateError: Math.abs((grown * hoursInMonth) / hours / truth - 1),
    width: share(high) - share(low),
  };
}

/** Share of those that ended within their range. */
export function heldShare(scores: readonly ScoredProjection[]): number {
  return scores.filter(({ below, above }) => !below && !above).length / scores.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
