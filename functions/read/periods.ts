import {
  completenessOf,
  gapsIn,
  obstaclesOf,
  type RegionCompleteness,
} from '../../lib/closing/completeness.ts';
import { lateDays } from '../../lib/closing/late-days.ts';
import { addMonths, dayOf, type Month } from '../../lib/period/calendar.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import type { PeriodRecord } from '../../lib/ports/documents.ts';
import { getPeriod, getPeriodRun, listPeriods } from '../http/contracts/periods.ts';
import { pageOf } from '../http/cursor.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';
import { runReply } from './runs.ts';

type PeriodPorts = Pick<
  ReadPorts,
  'bills' | 'regions' | 'partitions' | 'lakeIndex' | 'ledger' | 'totals' | 'closeRuns' | 'now'
>;

export function periodRoutes(ports: PeriodPorts): Implementation[] {
  return [
    implement(listPeriods, async ({ query }) => {
      const periods = await ports.bills.listPeriods();
      // Newest first: the key counts down, so that it sorts as the list does.
      const key = ({ period }: PeriodRecord): string =>
        String(999_999 - Number(period.replace('-', '')));
      const page = pageOf(periods, key, { list: 'periods', ...query, cursor: query.cursor });
      return json(200, {
        ...page,
        items: page.items.map((record) => headOf(record.period, record)),
      });
    }),
    implement(getPeriod, async ({ params }) => {
      const { period } = params;
      const record = await ports.bills.getPeriod(period);
      const regions = await completenessOf(ports, period);
      const obstacles = lacking(period, regions, ports.now());
      return json(200, {
        ...headOf(period, record),
        acceptedGaps: record?.acceptedGaps ?? null,
        checks: [...(record?.checks ?? [])],
        lateDays:
          record?.state === 'issued' && record.generations !== undefined
            ? await lateDays(ports, period, record.generations)
            : [],
        complete: obstacles.length === 0,
        obstacles,
        regions,
      });
    }),
    implement(getPeriodRun, async ({ params }) =>
      runReply(ports.closeRuns, params.name, `close-${params.period}-`),
    ),
  ];
}

function headOf(period: Month, record: PeriodRecord | null) {
  return {
    period,
    state: record?.state ?? 'open',
    revision: record?.revision ?? 0,
    sha256: record?.sha256 ?? null,
    closedBy: record?.closedBy ?? null,
    issuedBy: record?.issuedBy ?? null,
    closing: record?.closing?.run ?? null,
    lastFailure: record?.failure?.reason ?? null,
    auditHead: record?.lastStep?.head ?? null,
    updatedAt: record?.updatedAt ?? null,
  };
}

/** A close refuses some of it; what never came is for a person to judge. */
function lacking(period: Month, regions: readonly RegionCompleteness[], now: Date): string[] {
  const end = `${addMonths(period, 1)}-01`;
  const today = dayOf(instantOfDate(now));
  const withData = regions.filter(({ daysWithData }) => daysWithData > 0);
  return [
    ...(today < end ? [`the month ends on ${end}`] : []),
    ...(withData.length === 0 ? [`no region has data of ${period}`] : []),
    ...obstaclesOf(regions),
    ...gapsIn(regions),
    ...withData
      .filter(({ daysWithoutData }) => daysWithoutData.length > 0)
      .map(
        ({ region, daysWithoutData }) =>
          `region ${region}: no data for ${daysWithoutData.length} days, the first is ${daysWithoutData[0]}`,
      ),
  ];
}
