import { type DemandDay, demandDays, type Metric, projectDays } from '../../lib/capacity/demand.ts';
import { amountOf, refusedDays } from '../../lib/capacity/refused.ts';
import type { Region } from '../../lib/identifiers.ts';
import { addDays, type Day, dayOf } from '../../lib/period/calendar.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import { getDemand, listRegions } from '../http/contracts/regions.ts';
import { pageOf } from '../http/cursor.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

const DEFAULT_DAYS = 90;

interface DaysAsked {
  readonly region: Region;
  readonly metric: Metric;
  readonly from: Day;
  readonly to: Day;
  readonly today: Day;
}

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
      const days =
        query.project === undefined
          ? await demandOfRegion({ region, metric, from, to, today })
          : await demandOfProject(query.project, { region, metric, from, to, today });
      const page = pageOf(days, ({ date }) => date, {
        list: `demand ${JSON.stringify([region, metric, from, to, query.project])}`,
        limit: query.limit,
        cursor: query.cursor,
      });
      return json(200, page);
    }),
  ];

  /** With what was refused on its days. */
  async function demandOfRegion(asked: DaysAsked) {
    const { region, metric, from, to, today } = asked;
    const days = demandDays({
      metric,
      metered: await ports.totals.listRegionDays(region, from, to),
      imported: await ports.imported.list(region, metric, from, to),
      today,
    });
    const refused = await refusedDays(ports.imported, region, { from, to });
    const byDate = new Map(refused.map((day) => [day.date, day]));
    return days.map((day) => {
      const own = byDate.get(day.date);
      if (own === undefined) return day;
      return { ...day, refused: { requests: own.requests, amount: amountOf(own, metric) } };
    });
  }

  async function demandOfProject(project: string, asked: DaysAsked): Promise<DemandDay[]> {
    const { region, metric, from, to, today } = asked;
    const metered = projectDays(
      project,
      await ports.totals.listRegionDays(region, from, to),
      await ports.totals.listProjectDays(region, from, to),
    );
    const imported = await ports.imported.listProject({ region, metric, project, from, to });
    return demandDays({ metric, metered, imported, today, isProject: true });
  }
}
