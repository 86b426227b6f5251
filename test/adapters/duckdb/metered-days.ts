import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { literal, withDatabase } from '../../../lib/adapters/duckdb/database.ts';
import { duckdbMeteringEngine } from '../../../lib/adapters/duckdb/day-usage.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { holdRules } from '../../../lib/metering/hold-rules.ts';
import { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { addDays, type Day, dayOf } from '../../../lib/period/calendar.ts';
import type { MeteredDay } from '../../../lib/ports/metering-engine.ts';
import { daysOf, type LakeSample, writeSampleFiles } from './lake-sample.ts';

/** A row of usage as the cases write it. */
export interface UsageRow {
  readonly project: string;
  readonly resource: string;
  readonly measure: string;
  readonly class: string;
  readonly hour: string;
  readonly quantity: string;
}

export interface MeteredSamples {
  readonly usage: readonly UsageRow[];
  readonly days: ReadonlyMap<Day, MeteredDay>;
}

export interface MeterOptions {
  /** Sample parts; each is split by day, as ingest writes them. */
  readonly parts: readonly (readonly LakeSample[])[];
  readonly metering?: RegionSettings['metering'];
  readonly shard?: number;
  readonly shards?: number;
  readonly days?: readonly Day[];
  readonly withoutIngests?: readonly string[];
  /** Rows at a time of the 1,000,000 that the engine is told then; else it is told how few there are. */
  readonly sliceRows?: number | null;
  /** In the schema of version 1, which had no periods. */
  readonly oldParts?: MeterOptions['parts'];
}

/** Meters each day on its own, through Parquet files, and gives all usage in the order of its keys. */
export async function meterSamples(options: MeterOptions): Promise<MeteredSamples> {
  const folder = join(tmpdir(), `headroom-test-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    return await meterIn(folder, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function meterIn(
  folder: string,
  { parts, metering = [], shard = 0, shards = 1, ...options }: MeterOptions,
): Promise<MeteredSamples> {
  const files = await writeParts(folder, parts);
  for (const [day, paths] of await writeParts(folder, options.oldParts ?? [], false)) {
    files.set(day, [...paths, ...(files.get(day) ?? [])]);
  }
  const { sliceRows = null } = options;
  const engine = duckdbMeteringEngine({
    memoryLimitMib: 512,
    threads: 2,
    ...(sliceRows === null ? {} : { sliceRows }),
  });
  const settings = RegionSettings.parse({ region: 'west', metering });
  const days = new Map<Day, MeteredDay>();
  const usageFiles: string[] = [];
  for (const date of options.days ?? daysOf(parts.flat())) {
    const usageFile = join(folder, `usage-${date}.parquet`);
    const around = [addDays(date, -1), date, addDays(date, 1)];
    const sampleFiles = around.flatMap((day) => files.get(day) ?? []);
    const day = await engine.meterDay({
      region: parseRegion('west'),
      date,
      shard,
      shards,
      generation: 1,
      sampleFiles,
      sampleRows: sliceRows === null ? parts.flat().length : 1_000_000,
      holdRules: holdRules(settings, date),
      ...(options.withoutIngests ? { withoutIngests: options.withoutIngests } : {}),
      scratchFolder: folder,
      usageFile,
    });
    days.set(date, day);
    usageFiles.push(usageFile);
  }
  return { usage: await readUsage(usageFiles), days };
}

async function writeParts(
  folder: string,
  parts: readonly (readonly LakeSample[])[],
  withPeriods = true,
): Promise<Map<Day, string[]>> {
  const files = new Map<Day, string[]>();
  const contents = new Map<string, readonly LakeSample[]>();
  for (const [index, part] of parts.entries()) {
    for (const [day, samples] of Map.groupBy(part, ({ time }) => dayOf(time))) {
      const path = join(folder, `${withPeriods ? 'part' : 'old'}-${index}-${day}.parquet`);
      contents.set(path, samples);
      files.set(day, [...(files.get(day) ?? []), path]);
    }
  }
  await writeSampleFiles(contents, folder, { withPeriods });
  return files;
}

/** Quantities without trailing zeros, hours as RFC 3339. */
export async function readUsage(files: readonly string[]): Promise<UsageRow[]> {
  if (files.length === 0) return [];
  return withDatabase({ memoryLimitMib: 512, threads: 1, directory: tmpdir() }, async (db) => {
    const result = await db.runAndReadAll(`
      SELECT project, resource, measure, class, strftime(hour, '%Y-%m-%dT%H:%M:%SZ') AS hour,
        regexp_replace(quantity::VARCHAR, '\\.?0+$', '') AS quantity
      FROM read_parquet([${files.map(literal).join(', ')}])
      ORDER BY resource, project, measure, class, read_parquet.hour`);
    return result.getRowObjectsJson() as unknown as UsageRow[];
  });
}
