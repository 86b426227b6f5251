import { compareText, type Region } from '../../lib/identifiers.ts';
import { addMonths } from '../../lib/period/calendar.ts';
import { byMonth, type RatedMonth } from '../../lib/rated-history/monthly.ts';
import { getRatedHistory } from '../http/contracts/rated-history.ts';
import { compositeKey, pageOf } from '../http/cursor.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

/** No import is older than OpenStack, and none from beyond the calendar's four digits. */
const ALL = { from: '2010-01-01', to: '9999-12-31' };

export function ratedHistoryRoutes(ports: Pick<ReadPorts, 'regions' | 'rated'>): Implementation[] {
  return [
    implement(getRatedHistory, async ({ query }) => {
      const { cursor, limit, ...filters } = query;
      const { from, to } =
        query.period === undefined
          ? ALL
          : { from: `${query.period}-01`, to: `${addMonths(query.period, 1)}-01` };
      const days = [];
      for (const region of await regionsOf(query.region)) {
        days.push(...(await ports.rated.list(region, from, to)));
      }
      const items = byMonth(days)
        .filter(({ project }) => query.project === undefined || project === query.project)
        .toSorted((a, b) => compareText(keyOf(a), keyOf(b)));
      const list = `rated-history ${JSON.stringify(filters)}`;
      return json(200, pageOf(items, keyOf, { list, limit, cursor }));
    }),
  ];

  async function regionsOf(region: Region | undefined): Promise<readonly Region[]> {
    if (region === undefined) return (await ports.regions.list()).map((one) => one.region);
    await requireRegion(ports.regions, region);
    return [region];
  }
}

function keyOf(month: RatedMonth): string {
  const { region, period, project, type, unit, source, groupedBy, windowSeconds } = month;
  const window = [groupedBy.join(','), String(windowSeconds ?? '')];
  return compositeKey(region, period, project, type, unit, source, ...window);
}
