import { ProblemError } from '../../lib/errors.ts';
import { isRegion, type Region } from '../../lib/identifiers.ts';
import { addDays } from '../../lib/period/calendar.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import type { PartitionState, Partitions } from '../../lib/ports/partitions.ts';
import { getIngest, listIngests } from '../http/contracts/ingests.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

const LANDING_KEY = /^region=([^/]+)\//;

export function ingestRoutes(ports: Pick<ReadPorts, 'ledger' | 'partitions'>): Implementation[] {
  const { ledger, partitions } = ports;
  return [
    implement(listIngests, async ({ query }) => {
      const { region, key } = query;
      if ((region === undefined) === (key === undefined)) {
        throw new ProblemError(
          'invalid',
          'Give ?region= for the ingests of a region, or ?key= for that of one uploaded object.',
        );
      }
      if (region === undefined) return json(200, await byKey(key ?? ''));
      const list = `ingests ${region}`;
      const before = decodeCursor(list, query.cursor);
      const { items, next } = await ledger.list({
        region,
        limit: query.limit,
        ...(before === null ? {} : { before }),
      });
      return json(200, {
        items: await withStates(partitions, items),
        nextCursor: next === null ? null : encodeCursor(list, next),
      });
    }),
    implement(getIngest, async ({ params }) => {
      const found = await ledger.get(params.id);
      if (found === null) {
        throw new ProblemError(
          'not_found',
          `There is no ingest ${params.id}. One that was just accepted is here as soon as it is taken up, within seconds.`,
        );
      }
      return json(200, (await withStates(partitions, [found]))[0]);
    }),
  ];

  async function byKey(key: string) {
    const region = LANDING_KEY.exec(key)?.[1] ?? '';
    if (!isRegion(region)) {
      throw new ProblemError('invalid', `"${key}" is not a landing key: it starts with region=.`);
    }
    const found = await ledger.findByKey(region, key);
    const items = found === null ? [] : await withStates(partitions, [found]);
    return { items, nextCursor: null };
  }
}

/** Ingests of one region as the API shows them; metered when every partition has caught up. */
async function withStates(partitions: Partitions, ingests: readonly Ingest[]) {
  const states = await touchedPartitions(partitions, ingests);
  return ingests.map(({ touched, quarantineKey: _key, ...ingest }) => ({
    ...ingest,
    state:
      ingest.state === 'ingested' && isMetered(ingest.region, touched, states)
        ? ('metered' as const)
        : ingest.state,
    days: [...new Set(touched.map(({ date }) => date))].toSorted(),
  }));
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
  partitions: Partitions,
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
