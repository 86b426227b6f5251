import { assert } from '../assert.ts';
import { type Money, money } from './money.ts';

/**
 * Divides `total` in the proportion of `weights` by largest remainder: every part is the exact
 * share cut or raised to a minor unit, and the parts add up to the total. Of equal remainders the
 * earlier weight is raised first, so the caller's order breaks ties.
 *
 * @param weights none negative, not all 0
 */
export function allocate(total: Money, weights: readonly bigint[]): Money[] {
  const sum = weights.reduce((left, weight) => left + weight, 0n);
  assert(
    weights.every((weight) => weight >= 0n),
    'a weight is negative',
  );
  assert(sum > 0n, 'all weights are 0');
  const magnitude = total.minor < 0n ? -total.minor : total.minor;
  const sign = total.minor < 0n ? -1n : 1n;
  const parts = weights.map((weight) => ({
    minor: (magnitude * weight) / sum,
    remainder: (magnitude * weight) % sum,
  }));
  let left = parts.reduce((rest, part) => rest - part.minor, magnitude);
  for (const part of parts.toSorted(byRemainder)) {
    if (left === 0n) break;
    part.minor += 1n;
    left -= 1n;
  }
  assert(left === 0n, 'the allocation lost money');
  return parts.map((part) => money(sign * part.minor, total.currency));
}

/** The greatest first; a sort keeps the order of equal ones. */
function byRemainder(a: { readonly remainder: bigint }, b: { readonly remainder: bigint }): number {
  if (a.remainder === b.remainder) return 0;
  return a.remainder > b.remainder ? -1 : 1;
}
