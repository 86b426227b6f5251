import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';

/** What is metered at once: one UTC day of one region, or one shard of it. */
export interface PartitionKey {
  readonly region: Region;
  readonly date: Day;
  /** 0 to the region's shard count less 1; a resource belongs to one shard by a hash of its id. */
  readonly shard: number;
}

/** A partition as it stands: its usage is of now when `metered` is `generation`. */
export interface PartitionState extends PartitionKey {
  /** Rises by one with each batch that touches the day or a neighbour of it. */
  readonly generation: number;
  /** The generation that the present usage was computed at; 0 when never. */
  readonly metered: number;
}

/** The right to meter a partition, for a time. */
export interface Lease {
  readonly key: PartitionKey;
  /** The generation that metering sets out from. */
  readonly generation: number;
  readonly token: string;
}

/** Which days are to be metered, and who meters them. */
export interface Partitions {
  /**
   * Adds one to the generation and makes the partition due after `delaySeconds`. Further touches
   * put that off, but never by more than a touch's own delay again, and a minute at most
   * (lib/adapters/due-time.ts).
   * @returns the new generation
   */
  touch(key: PartitionKey, options: { now: Date; delaySeconds: number }): Promise<number>;
  /**
   * Partitions whose generation is ahead of what is metered and whose time has come, longest due first.
   * One that is leased is not listed until its lease ends. May lag behind writes: decide nothing by it.
   */
  listDue(options: { now: Date; limit: number }): Promise<readonly PartitionKey[]>;
  /** When the next partition becomes due, in the past when one is; null when none waits. */
  nextDueAt(): Promise<Date | null>;
  /** Null when another holds the lease, or nothing ever touched the partition. A lease outlives the function's timeout. */
  lease(key: PartitionKey, options: { now: Date; seconds: number }): Promise<Lease | null>;
  /** Holds on to the lease until `seconds` from now; false when it has ended or was lost. */
  extend(lease: Lease, options: { now: Date; seconds: number }): Promise<boolean>;
  /**
   * Records that the usage of `lease.generation` stands. False when lease or generation no longer
   * hold: the partition then stays due. The lease ends either way.
   */
  complete(lease: Lease): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  get(key: PartitionKey): Promise<PartitionState | null>;
  /**
   * Makes a partition that was lost due again, at the generation that an ingest is known to have set. One
   * that stands at that generation or above is left as it is. Idempotent, in any order.
   */
  restore(key: PartitionKey, options: { generation: number; now: Date }): Promise<void>;
  /** All partitions of the region from `from` up to and not including `to`, sorted by date, shard. */
  list(region: Region, from: Day, to: Day): Promise<readonly PartitionState[]>;
}
