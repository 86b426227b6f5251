import { DAY_US, HOUR_US, type InstantUs } from '../period/instant.ts';
import type { Fraction } from './fraction.ts';
import { FINE_PER_UNIT, type LeftOutReason, type Reading } from './reading.ts';

/** Differences with decimals are taken apart in 10^-9 of a unit. */
const SCALE = 10n ** 9n;

/** The rise of a counter between neighbours, and the part of it that falls into the hour. */
export interface Risen {
  readonly kind: 'risen';
  readonly reading: Reading;
  readonly before: Reading;
  /** The later value is smaller: the counter was reset, and it is the difference. */
  readonly isReset: boolean;
  readonly difference: bigint;
  /** Of the time between the two, what lies in the hour. */
  readonly inHourUs: number;
  readonly quantity: Fraction;
}

/** A delta counts in the hour of its time, as a whole. */
export interface Counted {
  readonly kind: 'counted';
  readonly reading: Reading;
  readonly quantity: Fraction;
}

/** A reading whose difference to the one before it counts for nothing in the hour. */
export interface NotRisen {
  readonly reading: Reading;
  readonly because: LeftOutReason;
}

/** DESIGN section 4, cumulative: parts are differences of floor(difference x share of time). */
export function risenIn(
  series: readonly Reading[],
  hour: InstantUs,
): { readonly risen: readonly Risen[]; readonly not: readonly NotRisen[] } {
  const risen: Risen[] = [];
  const not: NotRisen[] = [];
  for (const [index, reading] of series.entries()) {
    const before = series[index - 1];
    if (before === undefined || reading.time - before.time > DAY_US) {
      const because =
        before === undefined ? 'first of its counter' : 'too long after the one before';
      if (isIn(reading.time, hour)) not.push({ reading, because });
      continue;
    }
    const part = riseOf(reading, before, hour);
    if (part !== null) risen.push(part);
  }
  return { risen, not };
}

function riseOf(reading: Reading, before: Reading, hour: InstantUs): Risen | null {
  const from = Math.max(before.time, hour);
  const to = Math.min(reading.time, hour + HOUR_US);
  if (from >= to) return null;
  const isReset = reading.volume < before.volume;
  const difference = isReset ? reading.volume : reading.volume - before.volume;
  const scale = difference % FINE_PER_UNIT === 0n ? 1n : SCALE;
  const total = BigInt(reading.time - before.time);
  const upTo = (time: InstantUs): bigint =>
    (difference * scale * BigInt(time - before.time)) / (FINE_PER_UNIT * total);
  const quantity = {
    numerator: upTo(to) - upTo(from),
    denominator: scale * reading.meter.unitsPerQuantity,
  };
  return { kind: 'risen', reading, before, isReset, difference, inHourUs: to - from, quantity };
}

export function countedIn(series: readonly Reading[], hour: InstantUs): Counted[] {
  return series
    .filter(({ time }) => isIn(time, hour))
    .map((reading) => ({
      kind: 'counted',
      reading,
      quantity: {
        numerator: reading.volume,
        denominator: FINE_PER_UNIT * reading.meter.unitsPerQuantity,
      },
    }));
}

function isIn(time: InstantUs, hour: InstantUs): boolean {
  return hour <= time && time < hour + HOUR_US;
}
