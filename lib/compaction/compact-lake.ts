import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';
import type { Partitions } from '../ports/partitions.ts';
import type { Regions } from '../ports/regions.ts';
import { type CompactedDay, type CompactionPorts, compactDay } from './compact-day.ts';

export interface LakeCompactionPorts extends CompactionPorts {
  readonly regions: Pick<Regions, 'list'>;
  readonly partitions: Pick<Partitions, 'list'>;
  /** After so long no further day is begun: the next run finds it. */
  readonly budgetSeconds: number;
  /** A day that fails must not keep the others from being compacted. */
  readonly onFailure: (region: Region, date: Day, error: unknown) => void;
}

export interface CompactedLake extends CompactedDay {
  readonly days: number;
  readonly failed: number;
  /** False when the time was up before all days were looked at. */
  readonly isWhole: boolean;
}

const FIRST_DAY = '2010-01-01';
const LAST_DAY = '9999-12-31';

/** Compacts every day of every region that has too many parts, the newest days first. */
export async function compactLake(ports: LakeCompactionPorts): Promise<CompactedLake> {
  const deadlineMs = ports.now().getTime() + ports.budgetSeconds * 1_000;
  const total = { days: 0, failed: 0, merged: 0, made: 0, removed: 0, isWhole: true };
  for (const { region } of await ports.regions.list()) {
    for (const date of await daysOf(ports, region)) {
      if (ports.now().getTime() > deadlineMs) return { ...total, isWhole: false };
      total.days += 1;
      try {
        const day = await compactDay(ports, region, date);
        total.merged += day.merged;
        total.made += day.made;
        total.removed += day.removed;
      } catch (error) {
        total.failed += 1;
        ports.onFailure(region, date, error);
      }
    }
  }
  return total;
}

async function daysOf({ partitions }: LakeCompactionPorts, region: Region): Promise<Day[]> {
  const states = await partitions.list(region, FIRST_DAY, LAST_DAY);
  return [...new Set(states.map(({ date }) => date))].toReversed();
}
