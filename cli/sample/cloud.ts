import type { InstantUs } from '../../lib/period/instant.ts';

export interface Flavor {
  readonly name: string;
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
}

/** What holds from an instant on, until the next of its kind. */
export interface Since<T> {
  readonly from: InstantUs;
  readonly value: T;
}

export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly host: string;
  readonly createdAt: InstantUs;
  readonly deletedAt: InstantUs | null;
  readonly projects: readonly Since<string>[];
  readonly flavors: readonly Since<Flavor>[];
  /** When its counters started from zero: its creation, and each reboot. */
  readonly restarts: readonly InstantUs[];
  readonly shelvedAtWeekends: boolean;
  /** Share of its cores that it keeps busy, 0 to 1. */
  readonly load: number;
  readonly egressBytesPerSecond: number;
  /** Seconds into the hour at which it is polled. */
  readonly pollOffsetUs: number;
}

export interface Holding {
  readonly kind: 'volume' | 'address' | 'object-store' | 'image';
  readonly id: string;
  readonly project: string;
  readonly userId: string;
  readonly createdAt: InstantUs;
  readonly deletedAt: InstantUs | null;
  /** GiB of a volume, bytes of an image or of an object store when created, 1 for an address. */
  readonly size: number;
  readonly growthPerDay: number;
  readonly pollOffsetUs: number;
}

export type Character = 'steady-growth' | 'weekly-with-launch' | 'nearly-full';

export interface SampleRegion {
  readonly region: string;
  readonly character: Character;
  readonly instances: readonly Instance[];
  readonly holdings: readonly Holding[];
  readonly hosts: readonly SampleHost[];
}

export interface SampleHost {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
}

export interface SampleCloud {
  readonly seed: number;
  /** Start of last month, UTC. */
  readonly start: InstantUs;
  /** The last full hour before now. */
  readonly end: InstantUs;
  readonly regions: readonly SampleRegion[];
}

/** What holds at an instant; the first entry before it. */
export function valueAt<T>(history: readonly Since<T>[], instant: InstantUs): T {
  const value = history.findLast((entry) => entry.from <= instant) ?? history[0];
  if (value === undefined) throw new RangeError('an empty history has no value');
  return value.value;
}
