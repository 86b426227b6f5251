import type { Region } from '../identifiers.ts';
import type { Labels } from '../labels.ts';
import type { Day } from '../period/calendar.ts';
import type { InstantUs } from '../period/instant.ts';

/** How much of something was used: shares of what is held, over slots of 5 minutes or an hour. */
export interface UseShares {
  readonly mean: number;
  /** Quantiles are told to half a percent, rounded up. */
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly slots: number;
}

/** What the samples of some days say of a resource. */
interface Surveyed {
  readonly resource: string;
  /** By its last sample. */
  readonly project: string;
  readonly class: string;
  readonly firstAt: InstantUs;
  readonly lastAt: InstantUs;
  /** Samples that say of what state it is. */
  readonly samples: number;
}

/** An instance: what it holds, and what it used of it. */
export interface SurveyedInstance extends Surveyed {
  readonly isDeleted: boolean;
  /** Null where no sample told. */
  readonly vcpus: number | null;
  readonly memoryMib: number | null;
  readonly diskGib: number;
  /** Of the samples, those of an instance that does not run: stopped, paused, suspended or shelved. */
  readonly stoppedSamples: number;
  /** In lower case, by its last sample; empty when it says none. */
  readonly state: string;
  /** Null where nothing was measured. */
  readonly cpu: UseShares | null;
  readonly ram: UseShares | null;
}

/** A volume or an address, and whether anything has it. */
export interface SurveyedHolding extends Surveyed {
  readonly kind: 'volume' | 'floating_ip';
  readonly isDeleted: boolean;
  /** GiB of a volume; 1 of an address. */
  readonly size: number;
  /** Of the samples, those that say that it belongs to nothing: an unattached volume, an unassociated address. */
  readonly orphanSamples: number;
}

/** What all instances of a host use at the same time, over what they hold there, of all hosts and slots. */
export interface HostShares {
  readonly hosts: number;
  readonly slots: number;
  readonly days: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What the days that were read say of a region. */
export interface SurveyFindings {
  /** Sorted by resource. */
  readonly instances: readonly SurveyedInstance[];
  /** Sorted by resource. */
  readonly holdings: readonly SurveyedHolding[];
  /** CPU use over vCPUs, of hosts that samples name; null where none is. */
  readonly cpuOfHosts: HostShares | null;
  /** RAM in use by the guests over RAM that they hold. */
  readonly ramOfHosts: HostShares | null;
}

/** Usage of a resource on one day. */
export interface DayUsage {
  readonly project: string;
  readonly resource: string;
  readonly measure: string;
  readonly class: string;
  /** What of the resource's metadata is kept with its usage; none without. */
  readonly metadata?: Labels | undefined;
  /** Exact decimal text. */
  readonly quantity: string;
}

/** A survey of some days, one after the other. */
export interface SurveySession {
  /** Takes the samples of one day; its files may be removed after. */
  addDay(day: {
    readonly date: Day;
    /** Local files: sample parts of the day, in any order. */
    readonly sampleFiles: readonly string[];
    readonly withoutIngests: readonly string[];
  }): Promise<void>;
  findings(): Promise<SurveyFindings>;
  /** @param usageFiles local files: usage.parquet of one day, in any order */
  usageOfDay(usageFiles: readonly string[]): Promise<readonly DayUsage[]>;
}

/** Reads what instances used of what they hold from the samples of some days. */
export interface SurveyEngine {
  open<T>(
    options: {
      /** Names by which samples tell where an instance stands; others are not known. */
      readonly hosts: readonly string[];
      readonly scratchFolder: string;
    },
    use: (session: SurveySession) => Promise<T>,
  ): Promise<T>;
}

/** A survey as it is kept. */
export interface SurveyRecord {
  readonly region: Region;
  /** The last day that was read. */
  readonly day: Day;
  readonly createdAt: string;
  readonly body: unknown;
}

/** The newest survey of each region. */
export interface SurveyStore {
  put(record: SurveyRecord): Promise<void>;
  latest(region: Region): Promise<SurveyRecord | null>;
}
