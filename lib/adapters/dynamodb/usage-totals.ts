import * as z from 'zod';
import { assert } from '../../assert.ts';
import { ProblemError } from '../../errors.ts';
import { compareText, type Region } from '../../identifiers.ts';
import type { Day } from '../../period/calendar.ts';
import type { DayCompleteness } from '../../ports/day-completeness.ts';
import type { PartitionKey } from '../../ports/partitions.ts';
import type { ProjectDay, RegionDay, UsageTotals } from '../../ports/usage-totals.ts';
import { deleteAll, putAll } from './batch-write.ts';
import { countSchema, decimalText, regionSchema, storedJson, toStoredJson } from './stored-json.ts';
import { backOff, type Item, putItemIf, queryBetween, queryItems, type Table } from './table.ts';

/** Readers that meet a replacement look again; each time something else must have been replaced. */
const READ_ATTEMPTS_MAX = 8;

const hourlyMeans = z.array(decimalText).length(24);
const dayShape = {
  region: regionSchema,
  date: z.iso.date(),
  shard: countSchema,
  generation: countSchema,
  cores: hourlyMeans,
  ramGib: hourlyMeans,
};
const hourlyCounts = z.array(countSchema).length(24);
const completenessSchema: z.ZodType<DayCompleteness> = z.strictObject({
  expected: countSchema,
  seen: countSchema,
  missing: countSchema,
  expectedByHour: hourlyCounts,
  coveredByHour: hourlyCounts,
  readings: countSchema,
  readHours: countSchema,
  sources: z.array(z.string()),
});
const regionDaySchema: z.ZodType<RegionDay> = z.strictObject({
  ...dayShape,
  completeness: completenessSchema.exactOptional(),
});
const projectDaySchema: z.ZodType<ProjectDay> = z.strictObject({
  ...dayShape,
  project: z.string(),
  quantities: z.array(
    z.strictObject({ measure: z.string(), class: z.string(), quantity: decimalText }),
  ),
});
/** The region's day is the marker: it names the generation, and how many project days stand with it. */
const regionRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  generation: countSchema,
  projects: countSchema,
  body: storedJson(regionDaySchema),
});
const projectRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  body: storedJson(projectDaySchema),
});

export function dynamodbUsageTotals(table: Table): UsageTotals {
  return {
    async replace(key, generation, projects, region) {
      assert(region.generation === generation, 'totals are of the generation they are stored at');
      if (await isOvertaken(table, key, generation)) return;
      const items = projects.map((day) => ({
        pk: `PROJECTDAYS#${key.region}`,
        sk: `${setPrefix(key, generation)}${day.project}`,
        body: toStoredJson(day),
      }));
      await putAll(table, items);
      const marked = await putItemIf(
        table,
        {
          pk: `REGIONDAYS#${key.region}`,
          sk: `${key.date}#${key.shard}`,
          generation,
          projects: items.length,
          body: toStoredJson(region),
        },
        {
          expression: 'attribute_not_exists(pk) OR generation <= :generation',
          values: { ':generation': generation },
        },
      );
      if (marked)
        await removeStale(table, key, { generation, keep: new Set(items.map(({ sk }) => sk)) });
      else await deleteAll(table, items);
    },
    async listProjectDays(region, from, to) {
      for (let attempt = 1; attempt <= READ_ATTEMPTS_MAX; attempt += 1) {
        const days = await readProjectDays(table, { region, from, to });
        if (days !== null) return days;
        await backOff(attempt);
      }
      throw new ProblemError(
        'busy',
        `Usage of ${region} from ${from} to ${to} is being metered anew. Try again in a minute.`,
      );
    },
    async listRegionDays(region, from, to) {
      const markers = await readMarkers(table, { region, from, to });
      return markers
        .map((marker) => marker.body)
        .toSorted((a, b) => compareText(a.date, b.date) || a.shard - b.shard);
    },
  };
}

interface Range {
  readonly region: Region;
  readonly from: Day;
  readonly to: Day;
}

function setPrefix(
  { date, shard }: { readonly date: Day; readonly shard: number },
  generation: number,
) {
  return `${date}#${shard}#${generation}#`;
}

async function readMarkers(table: Table, { region, from, to }: Range) {
  const items = await Array.fromAsync(queryBetween(table, `REGIONDAYS#${region}`, { from, to }));
  return items.map((item) => regionRow.parse(item));
}

async function isOvertaken(table: Table, key: PartitionKey, generation: number): Promise<boolean> {
  const name = `${key.date}#${key.shard}`;
  const [marker] = await Array.fromAsync(
    queryBetween(table, `REGIONDAYS#${key.region}`, { from: name, to: name }),
  );
  return marker !== undefined && regionRow.parse(marker).generation > generation;
}

/**
 * Removes project days of earlier generations, and those that another run left at this one. Those
 * of a later one are left alone: its marker may be about to follow.
 */
async function removeStale(
  table: Table,
  key: PartitionKey,
  { generation, keep }: { readonly generation: number; readonly keep: ReadonlySet<string> },
): Promise<void> {
  const stored = queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: {
      ':pk': `PROJECTDAYS#${key.region}`,
      ':prefix': `${key.date}#${key.shard}#`,
    },
    ProjectionExpression: 'pk, sk',
  });
  const stale: z.infer<typeof keySchema>[] = [];
  for await (const item of stored) {
    const found = keySchema.parse(item);
    if (Number(found.sk.split('#')[2]) <= generation && !keep.has(found.sk)) stale.push(found);
  }
  await deleteAll(table, stale);
}

const keySchema = z.strictObject({ pk: z.string(), sk: z.string() });

/** Null when a partition was replaced between the two readings. */
async function readProjectDays(table: Table, range: Range): Promise<readonly ProjectDay[] | null> {
  const markers = await readMarkers(table, range);
  const missing = new Map(
    markers.map(({ body, generation, projects }) => [setPrefix(body, generation), projects]),
  );
  const days: ProjectDay[] = [];
  const items: AsyncIterable<Item> = queryBetween(table, `PROJECTDAYS#${range.region}`, range);
  for await (const item of items) {
    const day = projectRow.parse(item).body;
    const set = setPrefix(day, day.generation);
    const left = missing.get(set);
    if (left === undefined) continue;
    missing.set(set, left - 1);
    days.push(day);
  }
  if ([...missing.values()].some((left) => left !== 0)) return null;
  return days.toSorted(
    (a, b) => compareText(a.date, b.date) || compareText(a.project, b.project) || a.shard - b.shard,
  );
}
