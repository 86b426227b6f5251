import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';
import type { Withdrawable } from './retractions.ts';

/** One host's inventory of one resource class, as Placement states it. Units of the class (VCPU, MEMORY_MB, DISK_GB). */
export interface HostInventory {
  readonly total: number;
  readonly reserved: number;
  /** Decimal text: 16.0, 1.5. */
  readonly allocationRatio: string;
  readonly used: number | null;
  /** What one allocation may ask for; left out: anything up to the capacity, in steps of 1. */
  readonly minUnit?: number | undefined;
  readonly maxUnit?: number | undefined;
  readonly stepSize?: number | undefined;
}

export interface HostCapacity {
  readonly host: string;
  readonly inventories: Readonly<Record<string, HostInventory>>;
  /** Left out where the source does not tell. */
  readonly traits?: readonly string[] | undefined;
}

/** A host aggregate of Nova. */
export interface HostAggregate {
  readonly name: string;
  /** Its availability zone, if it makes one. */
  readonly zone: string | null;
  readonly hosts: readonly string[];
}

/** A flavor as Nova lists it. */
export interface ListedFlavor {
  readonly name: string;
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
  readonly dedicatedCpus?: boolean | undefined;
  readonly resources?: Readonly<Record<string, number>> | undefined;
  readonly traits?: readonly string[] | undefined;
}

/** What a lease of Blazar holds, as a planned event of kind `reservation` has it. */
export interface ListedReservation {
  readonly id: string;
  readonly name?: string | undefined;
  readonly project?: string | undefined;
  readonly date: Day;
  /** The first day on which it holds nothing any more. */
  readonly until: Day;
  readonly size:
    | { readonly cores: number; readonly ramGib: number }
    | { readonly hosts: { readonly low: number; readonly mid: number; readonly high: number } };
}

/** Complete per source: a host that is missing from it is gone. */
export interface CapacitySnapshot {
  readonly region: Region;
  /** `placement`, `nova`, or another name that the envelope gives. */
  readonly source: string;
  /** RFC 3339. */
  readonly observedAt: string;
  /** Sorted by host. */
  readonly hosts: readonly HostCapacity[];
  /** Of a source that tells of aggregates alone, `nova-aggregates`; it has no hosts. */
  readonly aggregates?: readonly HostAggregate[] | undefined;
  /** Of a source that tells of flavors alone, `nova-flavors`; it has no hosts. */
  readonly flavors?: readonly ListedFlavor[] | undefined;
  /** Of a source that tells of leases alone, `blazar-leases`; it has no hosts. */
  readonly reservations?: readonly ListedReservation[] | undefined;
}

export interface CapacityStore extends Withdrawable {
  /**
   * The newest observation per source counts (of two at one instant the one with the greater SHA-256): any order of puts
   * ends in the same state. A few older ones are kept: when the ingest of the newest is withdrawn, the next shows again.
   */
  put(snapshot: CapacitySnapshot, ingestId: string): Promise<void>;
  /** The newest snapshot of each source, sorted by source. */
  latest(region: Region): Promise<readonly CapacitySnapshot[]>;
}

/**
 * What an imported day tells, by the hour: mean demand in cores or GiB; or what was asked for and
 * refused since no host took it: how many requests, and their cores and GiB.
 */
export const IMPORTED_METRICS = [
  'cores',
  'ram',
  'refused',
  'refused-cores',
  'refused-ram',
] as const;
export type ImportedMetric = (typeof IMPORTED_METRICS)[number];

/** Counts of requests, which add up where demand is told again. */
export function isOfRefusals(metric: ImportedMetric): boolean {
  return metric !== 'cores' && metric !== 'ram';
}

/** Imported demand of one day (Gnocchi): for forecasts only, never billed. A metered day wins over it. */
export interface ImportedDay {
  readonly region: Region;
  readonly date: Day;
  readonly metric: ImportedMetric;
  /** Whose demand it is; left out: that of the whole region. */
  readonly project?: string;
  /** 24 hourly means in cores or GiB; null where the export had none. */
  readonly hours: readonly (number | null)[];
  /** Of a day that several gave, the one that came last. */
  readonly ingestId: string;
  /** When that ingest's object was put (RFC 3339): decides between two that give the same hour. */
  readonly receivedAt: string;
  /** Of refusals: SHA-256 of the ingest's object. Objects of one content tell of the same requests. */
  readonly contentSha256?: string;
}

export interface ImportedDemand extends Withdrawable {
  /**
   * Hour by hour: what was received later lies over what came earlier, and a null covers nothing, so a day may come in
   * parts and in any order; what was refused adds up instead, since every object tells of other requests, unless its
   * content came before. An ingest gives a day once, of the region and of each project.
   */
  put(days: readonly ImportedDay[]): Promise<void>;
  /** From `from` up to and not including `to`, sorted by date. */
  list(region: Region, metric: ImportedMetric, from: Day, to: Day): Promise<readonly ImportedDay[]>;
  /** The same, of one project. */
  listProject(query: {
    readonly region: Region;
    readonly metric: 'cores' | 'ram';
    readonly project: string;
    readonly from: Day;
    readonly to: Day;
  }): Promise<readonly ImportedDay[]>;
}
