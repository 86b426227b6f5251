/**
 * How whole the samples of a UTC day are, of one shard; shards add up. A series (resource and meter; deltas do not
 * count) is *expected* from the start of the day if it was read shortly before and not deleted, else from its first
 * reading on; until the end, or the hour in which its resource was deleted. An hour of it is *covered* if it was read in
 * that hour, or an earlier reading reaches over it: a period, or the interval of the region's settings.
 */
export interface DayCompleteness {
  /** Series that were read shortly before the day (as far back as holds reach: 2 h by default) and not deleted. */
  readonly expected: number;
  /** Series with a reading on the day. */
  readonly seen: number;
  /** Of the expected, those without any, and whose resource was not deleted on the day either. */
  readonly missing: number;
  /** 24 counts: series that are expected in the hour. */
  readonly expectedByHour: readonly number[];
  /** 24 counts: of these, the ones whose hour is covered. */
  readonly coveredByHour: readonly number[];
  /** Readings of the day, and hours that have one, summed over the series: how often they are polled. */
  readonly readings: number;
  readonly readHours: number;
  /** Names of `source` in the samples of the day, sorted; told by shard 0 for all. */
  readonly sources: readonly string[];
}
