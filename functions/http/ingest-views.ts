import type { Region } from '../../lib/identifiers.ts';
import { replayedIngest } from '../../lib/ingest/replay-key.ts';
import { addDays } from '../../lib/period/calendar.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import type { PartitionState, Partitions } from '../../lib/ports/partitions.ts';

/** Ingests of one region as the API shows them; metered when every partition has caught up. */
export async function ingestViews(
  partitions: Pick<Partitions, 'list'>,
  ingests: readonly Ingest[],
) {
  const states = await touchedPartitions(partitions, ingests);
  return ingests.map(({ touched, quarantineKey: _key, retraction, ...ingest }) => {
    const metered = isMetered(ingest.region, touched, states);
    return {
      ...ingest,
      state: ingest.state === 'ingested' && metered ? ('metered' as const) : ingest.state,
      days: [...new Set(touched.map(({ date }) => date))].toSorted(),
      replayOf: replayedIngest(ingest.key),
      retraction: retraction === undefined ? null : { ...retraction, metered },
    };
  });
}

function isMetered(
  region: Region,
  touched: Ingest['touched'],
  states: ReadonlyMap<string, PartitionState>,
): boolean {
  return touched.every(({ date, shard, generation }) => {
    const state = states.get(`${region} ${date} ${shard}`);
    return state !== undefined && state.metered >= generation;
  });
}

/** Touched days that lie closer than this are read in one range. */
const RANGE_DAYS = 60;

async function touchedPartitions(
  partitions: Pick<Partitions, 'list'>,
  ingests: readonly Ingest[],
): Promise<Map<string, PartitionState>> {
  const states = new Map<string, PartitionState>();
  const region = ingests[0]?.region;
  if (region === undefined) return states;
  for (const { from, to } of dayRanges(ingests)) {
    for (const state of await partitions.list(region, from, to)) {
      states.set(`${region} ${state.date} ${state.shard}`, state);
    }
  }
  return states;
}

/** Few half-open ranges that hold all touched days, without the years between an old file and a new. */
function dayRanges(ingests: readonly Ingest[]): { from: string; to: string }[] {
  const days = [...new Set(ingests.flatMap(({ touched }) => touched.map(({ date }) => date)))];
  const ranges: { from: string; to: string }[] = [];
  for (const day of days.toSorted()) {
    const last = ranges.at(-1);
    if (last !== undefined && day <= addDays(last.to, RANGE_DAYS)) last.to = addDays(day, 1);
    else ranges.push({ from: day, to: addDays(day, 1) });
  }
  return ranges;
}
