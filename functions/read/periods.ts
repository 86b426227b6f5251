import type { Region } from '../../lib/identifiers.ts';
import { addMonths, dayOf, daysFrom, type Month } from '../../lib/period/calendar.ts';
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
  'bills' | 'regions' | 'partitions' | 'ledger' | 'closeRuns' | 'now'
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
      const regions = await Promise.all(
        (await ports.regions.list()).map(({ region }) => regionState(ports, region, period)),
      );
      const obstacles = obstaclesOf(period, regions, ports.now());
      return json(200, {
        ...headOf(period, record),
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
    updatedAt: record?.updatedAt ?? null,
  };
}

interface RegionState {
  readonly region: Region;
  readonly daysWithData: number;
  readonly daysWithoutData: readonly string[];
  readonly daysNotMetered: readonly string[];
  readonly ingestsRunning: number;
}

async function regionState(
  ports: PeriodPorts,
  region: Region,
  period: Month,
): Promise<RegionState> {
  const [from, end] = [`${period}-01`, `${addMonths(period, 1)}-01`];
  const tomorrow = dayOf(instantOfDate(ports.now()) + 86_400_000_000);
  const [states, ingestsRunning] = await Promise.all([
    ports.partitions.list(region, from, end),
    ports.ledger.countRunning(region),
  ]);
  const days = new Set(states.map(({ date }) => date));
  const behind = states.filter(({ generation, metered }) => metered < generation);
  return {
    region,
    daysWithData: days.size,
    daysWithoutData: daysFrom(from, end < tomorrow ? end : tomorrow).filter(
      (day) => !days.has(day),
    ),
    daysNotMetered: [...new Set(behind.map(({ date }) => date))],
    ingestsRunning,
  };
}

function obstaclesOf(period: Month, regions: readonly RegionState[], now: Date): string[] {
  const obstacles: string[] = [];
  const end = `${addMonths(period, 1)}-01`;
  if (dayOf(instantOfDate(now)) < end)
    obstacles.push(`The month has not ended: it does on ${end}.`);
  if (regions.every(({ daysWithData }) => daysWithData === 0)) {
    obstacles.push(`No region has data of ${period}.`);
  }
  for (const one of regions) {
    if (one.ingestsRunning > 0) {
      obstacles.push(`${one.region}: ${one.ingestsRunning} ingests are running.`);
    }
    if (one.daysNotMetered.length > 0) {
      obstacles.push(`${one.region}: waiting to be metered: ${listed(one.daysNotMetered)}.`);
    }
    if (one.daysWithData > 0 && one.daysWithoutData.length > 0) {
      obstacles.push(`${one.region}: no data for ${listed(one.daysWithoutData)}.`);
    }
  }
  return obstacles;
}

function listed(days: readonly string[]): string {
  const shown = days.slice(0, 5).join(', ');
  return days.length > 5 ? `${shown} and ${days.length - 5} more days` : shown;
}
