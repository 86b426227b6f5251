import { add, type Decimal, decimalOf, toText, ZERO } from '../../lib/decimal/decimal.ts';
import { ProblemError } from '../../lib/errors.ts';
import { compareText, type Region } from '../../lib/identifiers.ts';
import { type MeterTable, unitOf } from '../../lib/metering/meter-table.ts';
import { storedMeters } from '../../lib/metering/stored-meters.ts';
import { namesOf, withProjectName } from '../../lib/names/project-names.ts';
import { daysFrom } from '../../lib/period/calendar.ts';
import type { ProjectDay } from '../../lib/ports/usage-totals.ts';
import { getUsage } from '../http/contracts/usage.ts';
import { compositeKey, pageOf } from '../http/cursor.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type ApiRequest, type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';
import { type TeamSplit, teamSplit } from './team-split.ts';

type UsageQuery = ApiRequest<typeof getUsage>['query'];
type Dimension = UsageQuery['groupBy'][number];

/** A year and a day in one answer; beyond that, an export. */
const MAX_DAYS = 400;

export function usageRoutes(
  ports: Pick<ReadPorts, 'regions' | 'totals' | 'configuration' | 'names'>,
): Implementation[] {
  return [
    implement(getUsage, async ({ query }) => {
      checkRange(query);
      const regions = await regionsOf(query.region);
      const split = query.groupBy.includes('team') ? await splitOf() : null;
      const sums = new Map<string, Sum>();
      for (const region of regions) {
        for (const day of await ports.totals.listProjectDays(region, query.from, query.to)) {
          addDay(sums, day, { query, split });
        }
      }
      const dimensions = orderOf(query.groupBy);
      const key = (sum: Sum): string =>
        compositeKey(...dimensions.map((one) => sum.keys[one] ?? ''));
      const sorted = [...sums.values()].toSorted((a, b) => compareText(key(a), key(b)));
      const { cursor, limit, ...filters } = query;
      const page = pageOf(sorted, key, { list: `usage ${JSON.stringify(filters)}`, limit, cursor });
      const meters = await storedMeters(ports.configuration);
      return json(200, { ...page, items: await withNames(page.items, meters) });
    }),
  ];

  async function withNames(sums: readonly Sum[], meters: MeterTable) {
    const ids = sums.map(({ keys }) => keys.project ?? '');
    const names = await namesOf(ports.names, 'project', ids);
    return sums.map((sum) => {
      const item = toItem(sum, meters);
      return 'project' in item ? withProjectName(item as { project: string }, names) : item;
    });
  }

  async function regionsOf(region: Region | undefined): Promise<readonly Region[]> {
    if (region === undefined) return (await ports.regions.list()).map((one) => one.region);
    await requireRegion(ports.regions, region);
    return [region];
  }

  async function splitOf(): Promise<TeamSplit> {
    const documents = await ports.configuration.list('team');
    return teamSplit(documents.map((document) => document.body));
  }
}

interface Sum {
  readonly keys: Readonly<Partial<Record<Dimension, string>>>;
  readonly measures: Set<string>;
  quantity: Decimal;
}

function checkRange({ from, to }: UsageQuery): void {
  if (from >= to) {
    const message = `"to" is exclusive and must be after "from": from=${from}&to=${to} holds no day.`;
    throw new ProblemError('invalid', message, [{ pointer: '/query/to', message }]);
  }
  const days = daysFrom(from, to).length;
  if (days <= MAX_DAYS) return;
  throw new ProblemError(
    'refused',
    `${days} days are more than one answer holds (${MAX_DAYS}): ask for less, or use POST /v1/usage/exports.`,
  );
}

/** The dimensions asked for, each once, in the order that sorts the answer. */
function orderOf(groupBy: readonly Dimension[]): Dimension[] {
  return [...new Set(groupBy)];
}

function addDay(
  sums: Map<string, Sum>,
  day: ProjectDay,
  context: { readonly query: UsageQuery; readonly split: TeamSplit | null },
): void {
  const { query, split } = context;
  if (query.project !== undefined && day.project !== query.project) return;
  for (const row of day.quantities) {
    if (query.measure !== undefined && row.measure !== query.measure) continue;
    const quantity = decimalOf(row.quantity);
    const parts = split?.parts(day.project, day.date, quantity) ?? [{ team: '', quantity }];
    for (const part of parts) {
      const values: Record<Dimension, string> = {
        day: day.date,
        region: day.region,
        project: day.project,
        team: part.team,
        measure: row.measure,
        class: row.class,
      };
      const keys = Object.fromEntries(
        orderOf(query.groupBy).map((dimension) => [dimension, values[dimension]]),
      );
      addTo(sums, keys, { measure: row.measure, quantity: part.quantity });
    }
  }
}

function addTo(
  sums: Map<string, Sum>,
  keys: Sum['keys'],
  addend: { readonly measure: string; readonly quantity: Decimal },
): void {
  const name = JSON.stringify(keys);
  const sum = sums.get(name) ?? { keys, measures: new Set<string>(), quantity: ZERO };
  sum.measures.add(addend.measure);
  sum.quantity = add(sum.quantity, addend.quantity);
  sums.set(name, sum);
}

function toItem({ keys, measures, quantity }: Sum, meters: MeterTable) {
  const [measure = ''] = measures;
  return {
    ...keys,
    quantity: toText(quantity),
    unit: measures.size === 1 ? unitOf(meters, measure) : null,
  };
}
