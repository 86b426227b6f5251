import { assert } from '../assert.ts';
import { HOUR_US } from '../period/instant.ts';
import type { Measure, Meter } from './meters.ts';

/**
 * A quantity in progress is a whole number: for gauges volume x microseconds held, for counters
 * and deltas the volume itself. Divided by the measure's denominator it is the quantity; meters of
 * one measure are brought to that denominator by their factors.
 */
export interface QuantityScale {
  readonly denominators: ReadonlyMap<Measure, bigint>;
  /** By canonical meter name. */
  readonly factors: ReadonlyMap<string, bigint>;
}

/** Denominators up to here keep every intermediate within 127 bits (day-quantities.ts). */
const DENOMINATOR_MAX = 10n ** 20n;

export function quantityScale(meters: readonly Meter[]): QuantityScale {
  const denominators = new Map<Measure, bigint>();
  for (const meter of meters) {
    const denominator = leastCommonMultiple(
      denominators.get(meter.measure) ?? 1n,
      ownDenominator(meter),
    );
    assert(denominator <= DENOMINATOR_MAX, `the units of ${meter.measure} are too far apart`);
    denominators.set(meter.measure, denominator);
  }
  const factors = new Map(
    meters.map((meter) => [
      meter.name,
      (denominators.get(meter.measure) ?? 1n) / ownDenominator(meter),
    ]),
  );
  return { denominators, factors };
}

/** Whether quantities of these meters can be kept exact: what `quantityScale` demands. */
export function fitsScale(meters: readonly Meter[]): boolean {
  const denominators = new Map<Measure, bigint>();
  for (const meter of meters) {
    const present = denominators.get(meter.measure) ?? 1n;
    const denominator = leastCommonMultiple(present, ownDenominator(meter));
    if (denominator > DENOMINATOR_MAX) return false;
    denominators.set(meter.measure, denominator);
  }
  return true;
}

function ownDenominator(meter: Meter): bigint {
  return meter.type === 'gauge' ? meter.unitsPerQuantity * BigInt(HOUR_US) : meter.unitsPerQuantity;
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return (a / greatestCommonDivisor(a, b)) * b;
}

/** Of two whole numbers that are not negative. */
export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
