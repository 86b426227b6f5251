import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';
import type { PartitionKey } from '../ports/partitions.ts';

/** Where the lake keeps the usage of a partition (docs/architecture.md, buckets and keys). */
export function usageKey({ region, date, shard }: PartitionKey): string {
  return `${usageDayPrefix(region, date)}shard=${shard}/usage.parquet`;
}

/** The usage of all shards of a day stands under it. */
export function usageDayPrefix(region: Region, date: Day): string {
  return `usage/region=${region}/date=${date}/`;
}
