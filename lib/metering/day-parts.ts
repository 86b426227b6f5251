import { assert } from '../assert.ts';
import { addDays } from '../period/calendar.ts';
import type { LakeIndex, SamplePart } from '../ports/lake-index.ts';
import type { DayRequest } from '../ports/metering-engine.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { PartitionKey } from '../ports/partitions.ts';

/** Small parts are the rule: what bounds the download is the store's answer time. */
const DOWNLOADS_AT_ONCE = 8;

/** Local files, in the order of day and key, and the rows in them. */
type DayParts = Pick<DayRequest, 'sampleFiles' | 'sampleRows'>;

/** Copies the sample parts of the day and its two neighbours to `folder`. */
export async function downloadDayParts(
  ports: { readonly lakeIndex: LakeIndex; readonly lake: ObjectStore },
  { region, date }: PartitionKey,
  folder: string,
): Promise<DayParts> {
  const days = [addDays(date, -1), date, addDays(date, 1)];
  const lists = await Promise.all(days.map((day) => ports.lakeIndex.list(region, day)));
  const parts = lists.flat().map((part, index) => ({ part, path: `${folder}/${index}.parquet` }));
  const queue = parts.values();
  await Promise.all(
    Array.from({ length: DOWNLOADS_AT_ONCE }, async () => {
      for (const { part, path } of queue) await downloadPart(ports.lake, part, path);
    }),
  );
  return {
    sampleFiles: parts.map(({ path }) => path),
    sampleRows: parts.reduce((sum, { part }) => sum + part.rows, 0),
  };
}

async function downloadPart(lake: ObjectStore, part: SamplePart, path: string): Promise<void> {
  const found = await lake.download(part.key, path);
  assert(found, `a manifest names the part "${part.key}", and the lake has no such object`);
}
