import type { HoldRule } from '../metering/hold-rules.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import type { Fraction } from './fraction.ts';
import { FINE_PER_UNIT, type LeftOutReason, type Reading } from './reading.ts';

/** Why a hold ends where it does. */
export type HoldEnd = 'next reading' | 'known until then' | 'interval';

/** How long a reading of a gauge holds, and what that adds to an hour. */
export interface Held {
  readonly kind: 'held';
  readonly reading: Reading;
  readonly from: InstantUs;
  readonly to: InstantUs;
  readonly ends: HoldEnd;
  /** Of the hour. */
  readonly heldUs: number;
  readonly rule: HoldRule;
  readonly quantity: Fraction;
  /** Why it holds nothing; null when it does. */
  readonly nothing: LeftOutReason | null;
}

/** The step function of a gauge (DESIGN section 4), where it touches the hour that starts at `hour`. */
export function heldIn(
  series: readonly Reading[],
  rules: readonly HoldRule[],
  hour: InstantUs,
): Held[] {
  return series.flatMap((reading, index): Held[] => {
    const rule = rules.find(
      ({ meter, from, to }) =>
        meter === reading.meter.name && from <= reading.time && reading.time < to,
    );
    if (rule === undefined) return [];
    const { to, ends } = endOf(reading, series[index + 1]?.time ?? null, rule);
    const heldUs = Math.min(to, hour + HOUR_US) - Math.max(reading.time, hour);
    if (heldUs <= 0) return [];
    const nothing = holdsNothing(reading, rule);
    const volume = nothing === null ? amountOf(reading) : 0n;
    const quantity = {
      numerator: volume * BigInt(heldUs),
      denominator: FINE_PER_UNIT * BigInt(HOUR_US) * reading.meter.unitsPerQuantity,
    };
    return [
      { kind: 'held', reading, from: reading.time, to, ends, heldUs, rule, quantity, nothing },
    ];
  });
}

/** From `edge`, up to which it is known to hold, begins the gap to the next. */
function endOf(
  { time, row }: Reading,
  next: InstantUs | null,
  { intervalUs, gapToleranceUs }: HoldRule,
): { readonly to: InstantUs; readonly ends: HoldEnd } {
  const edge = row.heldUntil ?? time;
  if (next !== null && next - edge <= gapToleranceUs) return { to: next, ends: 'next reading' };
  if (row.heldUntil !== null) return { to: row.heldUntil, ends: 'known until then' };
  const to = time + intervalUs;
  if (next !== null && next < to) return { to: next, ends: 'next reading' };
  return { to, ends: 'interval' };
}

function amountOf({ meter, volume, standIn }: Reading): bigint {
  if (meter.volumeIs === 'amount' || standIn !== null) return volume;
  return volume > 0n ? FINE_PER_UNIT : 0n;
}

function holdsNothing({ meter, volume, row }: Reading, rule: HoldRule): LeftOutReason | null {
  if (row.deleted) return 'deleted';
  if (row.shelved && !meter.heldWhileShelved) return 'shelved';
  if (rule.statesNotBilled.includes(row.state.toLowerCase())) return 'state is not billed';
  return volume === 0n ? 'volume is 0' : null;
}
