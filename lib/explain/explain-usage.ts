import { assert } from '../assert.ts';
import { ProblemError } from '../errors.ts';
import type { Region } from '../identifiers.ts';
import { holdRules } from '../metering/hold-rules.ts';
import { usageDayPrefix } from '../metering/lake-keys.ts';
import type { MeterTable } from '../metering/meter-table.ts';
import { storedMeters } from '../metering/stored-meters.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import { namesOf, type ProjectNames, projectNames } from '../names/project-names.ts';
import { addDays, type Day, dayOf, startOfDay } from '../period/calendar.ts';
import type { InstantUs } from '../period/instant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { LakeIndex } from '../ports/lake-index.ts';
import type { Ingest, Ledger } from '../ports/ledger.ts';
import type { NameStore } from '../ports/names.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { PartitionState, Partitions } from '../ports/partitions.ts';
import type { LakeRow, RecordedUsage, ResourceSamples } from '../ports/resource-samples.ts';
import type { Retractions } from '../ports/retractions.ts';
import type { Scratch } from '../ports/scratch.ts';
import { type ExplainedHour, explainHour, metersBehind } from './explain-hour.ts';

export interface ExplainPorts {
  readonly lakeIndex: Pick<LakeIndex, 'list'>;
  readonly lake: Pick<ObjectStore, 'list' | 'download'>;
  readonly ledger: Pick<Ledger, 'get'>;
  readonly partitions: Pick<Partitions, 'list'>;
  readonly configuration: Pick<ConfigStore, 'get' | 'list'>;
  readonly retractions: Pick<Retractions, 'list'>;
  readonly samples: ResourceSamples;
  readonly names: Pick<NameStore, 'find'>;
  readonly scratch: Scratch;
}

export interface UsageQuestion {
  readonly region: Region;
  readonly resource: string;
  readonly measure: string;
  /** The first instant of the hour. */
  readonly hour: InstantUs;
}

/** Everything that is known of a resource's usage in an hour. */
export interface UsageAnswer extends ExplainedHour {
  readonly question: UsageQuestion;
  readonly meters: MeterTable;
  /** As the lake has it: differs from `rows` only while newer samples wait to be metered. */
  readonly recorded: readonly RecordedUsage[];
  readonly partitions: readonly PartitionState[];
  /** Of every row that is told, by id. */
  readonly ingests: ReadonlyMap<string, Ingest>;
  readonly projectNames: ProjectNames;
  /** As it was imported, else as its newest sample shows it; null when neither says. */
  readonly resourceName: string | null;
}

/** Parts that are on the local disk at once. */
const PARTS_AT_ONCE = 4;
/** Of one resource in three days: a reading a second, and half as many again. */
const ROWS_MAX = 400_000;

/**
 * Tells which samples and files the usage of an hour came from. Reads the parts of the day and its two
 * neighbours, a few at a time, and of them only the rows of the resource.
 *
 * @throws ProblemError `refused` when the resource has more samples than can be told
 */
export async function explainUsage(
  ports: ExplainPorts,
  question: UsageQuestion,
): Promise<UsageAnswer> {
  const { region, measure, hour } = question;
  const date = dayOf(hour);
  const partitions = await ports.partitions.list(region, date, addDays(date, 1));
  const meters = await storedMeters(ports.configuration);
  const settings = await storedSettings(ports.configuration, region);
  const retracted = new Set(await ports.retractions.list(region));
  const rows = await readRows(ports, question, { meters, date });
  const rules = holdRules(settings, date, meters);
  const explained = explainHour({ rows, retracted, meters, rules, measure, hour });
  const recorded = await readRecorded(ports, question, date);
  const ingests = await readIngests(ports, explained);
  const called = await projectNames(ports.names, [...explained.rows, ...recorded]);
  const { resource } = question;
  const own = await namesOf(ports.names, 'resource', [resource]);
  const resourceName = own[resource] ?? displayName(rows);
  return {
    ...explained,
    question,
    meters,
    recorded,
    partitions,
    ingests,
    projectNames: called,
    resourceName,
  };
}

async function readRows(
  ports: ExplainPorts,
  { region, resource, measure }: UsageQuestion,
  { meters, date }: { readonly meters: MeterTable; readonly date: Day },
): Promise<LakeRow[]> {
  const days = [addDays(date, -1), date, addDays(date, 1)];
  const lists = await Promise.all(days.map((day) => ports.lakeIndex.list(region, day)));
  const keys = lists.flat().map(({ key }) => key);
  const behind = metersBehind(measure, meters);
  const names = [...meters.byName].flatMap(([name, meter]) =>
    behind.includes(meter) ? [name] : [],
  );
  const rows: LakeRow[] = [];
  for (let start = 0; start < keys.length; start += PARTS_AT_ONCE) {
    const found = await ports.scratch.use(async (folder) =>
      ports.samples.read({
        sampleFiles: await download(ports, keys.slice(start, start + PARTS_AT_ONCE), folder),
        resource,
        names,
        from: startOfDay(addDays(date, -1)),
        to: startOfDay(addDays(date, 2)),
        meters,
        rowsMax: ROWS_MAX - rows.length,
        scratchFolder: `${folder}/spill`,
      }),
    );
    if (found === null) {
      throw new ProblemError(
        'refused',
        `Resource "${resource}" has more than ${ROWS_MAX} samples of "${measure}" around ${date}: too many to be told one by one. Ask the lake (docs/athena.md).`,
      );
    }
    rows.push(...found);
  }
  return rows;
}

function displayName(rows: readonly LakeRow[]): string | null {
  for (const { metadata } of rows.toSorted((a, b) => b.time - a.time)) {
    const told = /^\{/.test(metadata) ? (JSON.parse(metadata) as Record<string, unknown>) : {};
    const name = told['display_name'] ?? told['name'];
    if (typeof name === 'string' && name !== '') return name;
  }
  return null;
}

async function readRecorded(
  ports: ExplainPorts,
  question: UsageQuestion,
  date: Day,
): Promise<readonly RecordedUsage[]> {
  const keys: string[] = [];
  for await (const { key } of ports.lake.list(usageDayPrefix(question.region, date)))
    keys.push(key);
  return ports.scratch.use(async (folder) =>
    ports.samples.readUsage({
      ...question,
      usageFiles: await download(ports, keys, folder),
      scratchFolder: `${folder}/spill`,
    }),
  );
}

async function download(
  { lake }: Pick<ExplainPorts, 'lake'>,
  keys: readonly string[],
  folder: string,
): Promise<string[]> {
  const files = keys.map((key, index) => ({ key, path: `${folder}/${index}.parquet` }));
  await Promise.all(
    files.map(async ({ key, path }) => {
      assert(
        await lake.download(key, path),
        `the lake has no object "${key}", which its index names`,
      );
    }),
  );
  return files.map(({ path }) => path);
}

async function readIngests(
  { ledger }: Pick<ExplainPorts, 'ledger'>,
  { rows, leftOut }: ExplainedHour,
): Promise<ReadonlyMap<string, Ingest>> {
  const told = [
    ...rows
      .flatMap(({ parts }) => parts.map(({ part }) => part))
      .flatMap((part) => [
        part.reading.row.ingestId,
        ...(part.kind === 'risen' ? [part.before.row.ingestId] : []),
      ]),
    ...leftOut.map(({ row }) => row.ingestId),
  ];
  const ids = [...new Set(told)];
  const ingests = new Map<string, Ingest>();
  for (const id of ids) {
    const ingest = await ledger.get(id);
    if (ingest !== null) ingests.set(id, ingest);
  }
  return ingests;
}
