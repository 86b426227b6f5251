import { createHash } from 'node:crypto';
import { assert } from '../assert.ts';
import { parseInstant } from '../period/instant.ts';
import type { CapacitySnapshot } from '../ports/capacity-store.ts';

/** Whether `a` is to stand in the place of `b`; the same for any order in which they come. */
export function isNewer(a: CapacitySnapshot, b: CapacitySnapshot): boolean {
  const difference = instantOf(a.observedAt) - instantOf(b.observedAt);
  return difference === 0 ? snapshotSha256(a) > snapshotSha256(b) : difference > 0;
}

export function instantOf(observedAt: string): number {
  const instant = parseInstant(observedAt);
  assert(instant !== null, `not an instant: "${observedAt}"`);
  return instant;
}

export function snapshotSha256(snapshot: CapacitySnapshot): string {
  const { hosts, aggregates, flavors, reservations } = snapshot;
  const isList = aggregates || flavors || reservations;
  const content = isList ? { hosts, aggregates, flavors, reservations } : hosts;
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
