import type { Region } from '../../lib/identifiers.ts';
import { addDays, type Day, dayOf } from '../../lib/period/calendar.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import type { RegionDay } from '../../lib/ports/usage-totals.ts';
import { getDemand, listRegions } from '../http/contracts/regions.ts';
import { pageOf } from '../http/cursor.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type ApiRequest, type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

type RegionPorts = Pick<ReadPorts, 'regions' | 'totals' | 'imported' | 'now'>;
type Metric = ApiRequest<typeof getDemand>['query']['metric'];

const DEFAULT_DAYS = 90;

export function regionRoutes(ports: RegionPorts): Implementation[] {
  return [
    implement(listRegions, async ({ query }) => {
      const regions = await ports.regions.list();
      const page = pageOf(regions, ({ region }) => region, {
        list: 'regions',
        limit: query.limit,
        cursor: query.cursor,
      });
      return json(200, page);
    }),
    implement(getDemand, async ({ params, query }) => {
      await requireRegion(ports.regions, params.region);
      const to = query.to ?? addDays(dayOf(instantOfDate(ports.now())), 1);
      const from = query.from ?? addDays(to, -DEFAULT_DAYS);
      const days = await demandDays(ports, { ...params, metric: query.metric, from, to });
      const page = pageOf(days, ({ date }) => date, {
        list: `demand ${params.region} ${query.metric} ${from} ${to}`,
        limit: query.limit,
        cursor: query.cursor,
      });
      return json(200, page);
    }),
  ];
}

interface DemandDay {
  readonly date: Day;
  readonly source: 'metered' | 'imported';
  readonly mean: number;
  readonly peak: number;
  readonly hours: readonly (number | null)[];
}

async function demandDays(
  ports: RegionPorts,
  span: { readonly region: Region; readonly metric: Metric; readonly from: Day; readonly to: Day },
): Promise<DemandDay[]> {
  const { region, metric, from, to } = span;
  const [metered, imported] = await Promise.all([
    ports.totals.listRegionDays(region, from, to),
    ports.imported.list(region, metric, from, to),
  ]);
  const days = new Map<Day, DemandDay>();
  for (const { date, hours } of imported) {
    const day = demandDay(date, 'imported', hours);
    if (day !== null) days.set(date, day);
  }
  for (const [date, shards] of Map.groupBy(metered, ({ date }) => date)) {
    const day = demandDay(date, 'metered', sumOfShards(shards, metric));
    if (day !== null) days.set(date, day);
  }
  return [...days.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1));
}

function sumOfShards(shards: readonly RegionDay[], metric: Metric): number[] {
  return Array.from({ length: 24 }, (_, hour) =>
    shards.reduce((sum, shard) => {
      const means = metric === 'cores' ? shard.cores : shard.ramGib;
      return sum + Number(means[hour] ?? 0);
    }, 0),
  );
}

function demandDay(
  date: Day,
  source: DemandDay['source'],
  hours: readonly (number | null)[],
): DemandDay | null {
  const known = hours.filter((value) => value !== null);
  if (known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return { date, source, mean, peak: Math.max(...known), hours };
}
