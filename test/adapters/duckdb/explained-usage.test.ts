import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbResourceSamples } from '../../../lib/adapters/duckdb/resource-samples.ts';
import { decimal, toText } from '../../../lib/decimal/decimal.ts';
import { explainHour } from '../../../lib/explain/explain-hour.ts';
import { holdRules } from '../../../lib/metering/hold-rules.ts';
import { BUILT_IN_METERS } from '../../../lib/metering/meter-table.ts';
import { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { addDays, dayOf, startOfDay } from '../../../lib/period/calendar.ts';
import { parseInstant } from '../../../lib/period/instant.ts';
import type { LakeRow } from '../../../lib/ports/resource-samples.ts';
import { GENERATED_DAYS, metering, samples } from './generated-samples.ts';
import { type LakeSample, writeSampleFiles } from './lake-sample.ts';
import { meterSamples, type UsageRow } from './metered-days.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-explained-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const MEASURES = [...BUILT_IN_METERS.units.keys()];
const HOURS = GENERATED_DAYS.flatMap((day) =>
  Array.from({ length: 24 }, (_, hour) => `${day}T${hour.toString().padStart(2, '0')}:00:00Z`),
);

const reader = duckdbResourceSamples({ memoryLimitMib: 256, threads: 1 });

/** All rows of each resource, as the adapter reads them from a part. */
async function lakeRows(
  all: readonly LakeSample[],
): Promise<ReadonlyMap<string, readonly LakeRow[]>> {
  const place = join(folder, randomUUID());
  await mkdir(place);
  const path = join(place, 'part.parquet');
  await writeSampleFiles(new Map([[path, all]]), place);
  const rows = new Map<string, readonly LakeRow[]>();
  for (const resource of new Set(all.map((sample) => sample.resource))) {
    const found = await reader.read({
      sampleFiles: [path],
      resource,
      names: [...BUILT_IN_METERS.byName.keys()],
      from: startOfDay('2026-10-01'),
      to: startOfDay('2026-11-30'),
      meters: BUILT_IN_METERS,
      rowsMax: 10_000,
      scratchFolder: place,
    });
    rows.set(resource, found ?? []);
  }
  return rows;
}

function explained(
  rows: readonly LakeRow[],
  { resource, measure, hour }: Pick<UsageRow, 'resource' | 'measure' | 'hour'>,
  settings: RegionSettings,
) {
  const at = parseInstant(hour) ?? 0;
  const date = dayOf(at);
  const [from, to] = [startOfDay(addDays(date, -1)), startOfDay(addDays(date, 2))];
  const answer = explainHour({
    rows: rows.filter(({ time }) => from <= time && time < to),
    retracted: new Set(),
    meters: BUILT_IN_METERS,
    rules: holdRules(settings, date),
    measure,
    hour: at,
  });
  return answer.rows.map((row) => {
    const shares = row.parts.reduce((total, { pico }) => total + pico, 0n);
    expect(shares).toBe(row.pico);
    expect(row.parts.every(({ pico }) => pico >= 0n)).toBe(true);
    const quantity = toText(decimal(row.pico, 12));
    return { project: row.project, resource, measure, class: row.class, hour, quantity };
  });
}

describe('the explanation of an hour', () => {
  it('adds up to the quantity that the engine gives, for every row and no other', async () => {
    await fc.assert(
      fc.asyncProperty(samples, metering, async (all, entries) => {
        const settings = RegionSettings.parse({ region: 'west', metering: entries });
        const { usage } = await meterSamples({
          parts: [all],
          metering: entries,
          days: GENERATED_DAYS,
        });
        for (const [resource, own] of await lakeRows(all)) {
          const answers = MEASURES.flatMap((measure) =>
            HOURS.flatMap((hour) => explained(own, { resource, measure, hour }, settings)),
          );
          expect(sorted(answers)).toEqual(sorted(usage.filter((row) => row.resource === resource)));
        }
      }),
      { numRuns: 6 },
    );
  }, 120_000);
});

function sorted(rows: readonly UsageRow[]): string[] {
  return rows.map((row) => JSON.stringify(row, Object.keys(row).toSorted())).toSorted();
}
