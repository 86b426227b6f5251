import type { Lease, Partitions } from '../ports/partitions.ts';
import type { Repeater } from '../ports/repeater.ts';

export interface LeasePorts {
  readonly partitions: Pick<Partitions, 'extend'>;
  readonly every: Repeater;
  readonly now: () => Date;
  /** How long a lease outlives the last sign of life of its holder. */
  readonly leaseSeconds: number;
}

const BEATS_A_LEASE = 3;

export interface KeptLease {
  readonly isHeld: () => boolean;
  readonly stop: () => void;
}

/**
 * Extends the lease while its holder works. A beat that fails does no harm: the next one, or the
 * end of the lease, follows.
 */
export function keepLease(ports: LeasePorts, lease: Lease, leasedAt: Date): KeptLease {
  let untilMs = leasedAt.getTime() + ports.leaseSeconds * 1_000;
  const stop = ports.every(ports.leaseSeconds / BEATS_A_LEASE, async () => {
    const now = ports.now();
    const extended = await ports.partitions
      .extend(lease, { now, seconds: ports.leaseSeconds })
      .catch(() => false);
    if (extended) untilMs = now.getTime() + ports.leaseSeconds * 1_000;
  });
  return { stop, isHeld: () => ports.now().getTime() < untilMs };
}
