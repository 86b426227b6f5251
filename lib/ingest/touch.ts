import { compareText, type Region } from '../identifiers.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import { addDays, type Day } from '../period/calendar.ts';
import type { TouchedPartition } from '../ports/ledger.ts';
import type { IngestPorts } from './ingest-ports.ts';

export type TouchPorts = Pick<IngestPorts, 'config' | 'partitions' | 'delays' | 'now'>;

const AT_ONCE = 16;

/**
 * Makes the days due for metering, and with less hurry the days before and after, whose usage their
 * samples reach into. Once per batch and partition.
 */
export async function touchDays(
  ports: TouchPorts,
  region: Region,
  days: readonly Day[],
): Promise<TouchedPartition[]> {
  if (days.length === 0) return [];
  const own = new Set(days);
  const all = new Set(days.flatMap((day) => [addDays(day, -1), day, addDays(day, 1)]));
  const { shards } = await storedSettings(ports.config, region);
  const keys = [...all]
    .toSorted(compareText)
    .flatMap((date) => Array.from({ length: shards }, (_, shard) => ({ region, date, shard })));
  const touched: TouchedPartition[] = [];
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const some = keys.slice(start, start + AT_ONCE).map(async (key) => {
      const { wakeupSeconds, neighbourSeconds } = ports.delays;
      const delaySeconds = own.has(key.date) ? wakeupSeconds : neighbourSeconds;
      const generation = await ports.partitions.touch(key, { now: ports.now(), delaySeconds });
      return { date: key.date, shard: key.shard, generation };
    });
    touched.push(...(await Promise.all(some)));
  }
  return touched;
}
