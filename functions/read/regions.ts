import { demandDays } from '../../lib/capacity/demand.ts';
import { addDays, dayOf } from '../../lib/period/calendar.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import { getDemand, listRegions } from '../http/contracts/regions.ts';
import { pageOf } from '../http/cursor.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

const DEFAULT_DAYS = 90;

export function regionRoutes(
  ports: Pick<ReadPorts, 'regions' | 'totals' | 'imported' | 'now'>,
): Implementation[] {
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
      const { region } = params;
      const { metric } = query;
      await requireRegion(ports.regions, region);
      const today = dayOf(instantOfDate(ports.now()));
      const to = query.to ?? today;
      const from = query.from ?? addDays(to, -DEFAULT_DAYS);
      const [metered, imported] = await Promise.all([
        ports.totals.listRegionDays(region, from, to),
        ports.imported.list(region, metric, from, to),
      ]);
      const days = demandDays({ metric, metered, imported, today });
      const page = pageOf(days, ({ date }) => date, {
        list: `demand ${region} ${metric} ${from} ${to}`,
        limit: query.limit,
        cursor: query.cursor,
      });
      return json(200, page);
    }),
  ];
}
