import type { BacktestRound } from './backtest.ts';
import type { Forecast } from './forecaster.ts';
import { at } from './numbers.ts';
import { normalQuantile } from './random.ts';

/** How strongly a smaller backtest error raises a member's weight: weight = (best / error)^4. */
const SHARPNESS = 4;
/** A member whose error is larger than the best one's by this factor is left out. */
const NEAR = 1.5;

/** What a member says, and how sure it is of it. */
export interface MemberForecast {
  readonly mean: Float64Array;
  /** Half of its own 95 % interval, as the standard deviation of a normal. */
  readonly spread: Float64Array;
}

export function memberForecast(forecast: Forecast): MemberForecast {
  const [low, high] = [forecast.quantile(0.025), forecast.quantile(0.975)];
  const width = 2 * normalQuantile(0.975);
  return {
    mean: forecast.mean,
    spread: high.map((value, step) => (value - at(low, step)) / width),
  };
}

/** Mean absolute error of each member over the rounds; null where it missed half of them or more. */
export function memberErrors(rounds: readonly BacktestRound[], members: number): (number | null)[] {
  return Array.from({ length: members }, (_, member) => {
    const errors = rounds.flatMap((round) => meanAbsoluteError(round, member) ?? []);
    if (errors.length * 2 <= rounds.length) return null;
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  });
}

function meanAbsoluteError(round: BacktestRound, member: number): number | null {
  const forecast = round.forecasts[member];
  if (!forecast) return null;
  let [sum, count] = [0, 0];
  for (const [step, actual] of round.actual.entries()) {
    if (actual === null) continue;
    sum += Math.abs(actual - at(forecast.mean, step));
    count += 1;
  }
  return count > 0 ? sum / count : null;
}

/**
 * Weights that add up to 1. A member whose error is unknown, or far from the best, gets none. Equal
 * without errors.
 */
export function weightsByError(errors: readonly (number | null)[]): number[] {
  const known = errors.filter((error) => error !== null);
  if (known.length === 0) return errors.map(() => 1 / errors.length);
  const best = Math.min(...known);
  const raw = errors.map((error) => {
    if (error === null || error > NEAR * best) return 0;
    return error === 0 ? 1 : (best / error) ** SHARPNESS;
  });
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

/**
 * The weighted mean of the members at each step; its spread is the weighted median of theirs.
 * Members without a forecast are left out.
 */
export function combine(
  forecasts: readonly (MemberForecast | null)[],
  weights: readonly number[],
): MemberForecast {
  const members = forecasts.flatMap((forecast, member) => {
    const weight = at(weights, member);
    return forecast && weight > 0 ? [{ ...forecast, weight }] : [];
  });
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const steps = new Float64Array(members[0]?.mean.length ?? 0);
  const mean = steps.map((_, step) =>
    members.reduce((sum, member) => sum + (member.weight / total) * at(member.mean, step), 0),
  );
  const spreads = (step: number) =>
    members.map(({ spread, weight }) => ({ value: at(spread, step), weight }));
  return { mean, spread: steps.map((_, step) => weightedMedian(spreads(step))) };
}

export function weightedMedian(
  entries: { readonly value: number; readonly weight: number }[],
): number {
  entries.sort((a, b) => a.value - b.value);
  const half = entries.reduce((sum, entry) => sum + entry.weight, 0) / 2;
  let below = 0;
  let previous: { value: number; middle: number } | null = null;
  for (const { value, weight } of entries) {
    const middle = below + weight / 2;
    if (middle >= half) {
      if (previous === null || middle === previous.middle) return value;
      const share = (half - previous.middle) / (middle - previous.middle);
      return previous.value + share * (value - previous.value);
    }
    below += weight;
    previous = { value, middle };
  }
  return previous?.value ?? Number.NaN;
}
