import { completenessOfDays } from '../completeness/completeness-of.ts';
import type { Region } from '../identifiers.ts';
import { addMonths, type Day, dayOf, daysFrom, type Month } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { ClosePorts } from './closing-ports.ts';
import { gapsOf, gapTexts, type RegionGaps } from './gap-obstacles.ts';

/** What the month's usage of a region lacks. */
export interface RegionCompleteness {
  readonly region: Region;
  readonly daysWithData: number;
  /** Days of the month, up to today, of which no sample ever came: a matter for a person to judge. */
  readonly daysWithoutData: readonly Day[];
  /** Days whose newest samples are not in the usage yet. */
  readonly daysNotMetered: readonly Day[];
  readonly ingestsRunning: number;
  readonly gaps: RegionGaps;
}

type Ports = Pick<ClosePorts, 'regions' | 'partitions' | 'lakeIndex' | 'ledger' | 'totals' | 'now'>;

/** Of every region that there is; asked of strongly consistent stores alone. */
export async function completenessOf(
  ports: Ports,
  period: Month,
): Promise<readonly RegionCompleteness[]> {
  const regions = await ports.regions.list();
  return Promise.all(regions.map(({ region }) => ofRegion(ports, region, period)));
}

async function ofRegion(ports: Ports, region: Region, period: Month): Promise<RegionCompleteness> {
  const [start, end] = [`${period}-01`, `${addMonths(period, 1)}-01`];
  // Ingests first: one that ends between the two questions has touched its days by then.
  const ingestsRunning = await ports.ledger.countRunning(region);
  const states = await ports.partitions.list(region, start, end);
  const days = await daysWithSamples(ports, region, new Set(states.map(({ date }) => date)));
  const gaps = gapsOf(await completenessOfDays(ports, region, { from: start, to: end }));
  const behind = states.filter(({ generation, metered }) => metered < generation);
  const today = dayOf(instantOfDate(ports.now()));
  return {
    region,
    daysWithData: days.size,
    daysWithoutData: daysFrom(start, end < today ? end : today).filter((day) => !days.has(day)),
    daysNotMetered: [...new Set(behind.map(({ date }) => date))].sort(),
    ingestsRunning,
    gaps,
  };
}

/** A day is touched by its neighbours' samples, too: it has data when it has samples of its own. */
async function daysWithSamples(
  { lakeIndex }: Ports,
  region: Region,
  touched: ReadonlySet<Day>,
): Promise<ReadonlySet<Day>> {
  const found = [...touched].map(async (date) => {
    const parts = await lakeIndex.list(region, date);
    return parts.length > 0 ? [date] : [];
  });
  return new Set((await Promise.all(found)).flat());
}

const DAYS_TOLD = 5;

/** What of the month is missing without doubt, each gap in words: a close goes on only if somebody accepts it. */
export function gapsIn(regions: readonly RegionCompleteness[]): string[] {
  return regions.flatMap(({ region, gaps }) => gapTexts(region, gaps));
}

/** Why a close must wait, in words; empty when it need not. */
export function obstaclesOf(regions: readonly RegionCompleteness[]): string[] {
  return regions.flatMap(({ region, ingestsRunning, daysNotMetered }) => [
    ...(ingestsRunning === 0
      ? []
      : [`region ${region}: ${counted(ingestsRunning, 'ingest is', 'ingests are')} running`]),
    ...(daysNotMetered.length === 0
      ? []
      : [`region ${region}: waiting to be metered: ${listed(daysNotMetered)}`]),
  ]);
}

function listed(days: readonly Day[]): string {
  const told = days.slice(0, DAYS_TOLD).join(', ');
  return days.length > DAYS_TOLD ? `${told} and ${days.length - DAYS_TOLD} more days` : told;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
