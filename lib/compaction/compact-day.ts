import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';
import type { LakeIndex, SamplePart } from '../ports/lake-index.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { PartMerger } from '../ports/part-merger.ts';
import type { Scratch } from '../ports/scratch.ts';
import { mergeGroups } from './merge-groups.ts';

export interface CompactionPorts {
  readonly lakeIndex: Pick<LakeIndex, 'list' | 'replace' | 'listMerged' | 'settle'>;
  readonly lake: Pick<ObjectStore, 'list' | 'download' | 'upload' | 'put' | 'delete'>;
  readonly merger: PartMerger;
  readonly scratch: Scratch;
  readonly now: () => Date;
  /** Days with no more parts than these are left alone. */
  readonly partsMax: number;
  /** Younger parts wait: their ingest may be tried again. */
  readonly minAgeSeconds: number;
  /** For so long after a swap the old parts stay: whoever listed them before still finds them. */
  readonly graceSeconds: number;
}

/** What the compaction of a day came to, in parts. */
export interface CompactedDay {
  /** Parts that are in others now. */
  readonly merged: number;
  /** Parts that were made of them. */
  readonly made: number;
  /** Objects of earlier compactions that were removed. */
  readonly removed: number;
}

const NAME_DIGITS = 32;
const DOWNLOADS_AT_ONCE = 8;
const encoder = new TextEncoder();

/**
 * Makes few parts of a day's many. All rows stay as they are, with the ingests that they are of, so usage does not
 * change and nothing is metered again. Commit points: the new part, a record of what it replaces (for rebuild), the swap
 * in the index by one write; the old objects go after a grace. Killed anywhere, it can be done again.
 */
export async function compactDay(
  ports: CompactionPorts,
  region: Region,
  date: Day,
): Promise<CompactedDay> {
  const removed = await removeReplaced(ports, region, date);
  const parts = await ports.lakeIndex.list(region, date);
  if (parts.length <= ports.partsMax) return { merged: 0, made: 0, removed };
  const groups = mergeGroups(await oldEnough(ports, { region, date, parts }));
  for (const group of groups) await mergeGroup(ports, { region, date, group });
  return { merged: groups.flat().length, made: groups.length, removed };
}

async function removeReplaced(ports: CompactionPorts, region: Region, date: Day): Promise<number> {
  const latestMs = ports.now().getTime() - ports.graceSeconds * 1_000;
  let removed = 0;
  for (const part of await ports.lakeIndex.listMerged(region, date)) {
    if (Date.parse(part.replacedAt) > latestMs) continue;
    for (const key of part.replaces) await ports.lake.delete(key);
    await ports.lakeIndex.settle(part);
    removed += part.replaces.length;
  }
  return removed;
}

async function oldEnough(
  ports: CompactionPorts,
  { region, date, parts }: { region: Region; date: Day; parts: readonly SamplePart[] },
): Promise<SamplePart[]> {
  const latestMs = ports.now().getTime() - ports.minAgeSeconds * 1_000;
  const old = new Set<string>();
  for await (const { key, putAt } of ports.lake.list(samplesPrefix(region, date))) {
    if (putAt.getTime() <= latestMs) old.add(key);
  }
  return parts.filter(({ key }) => old.has(key));
}

async function mergeGroup(
  ports: CompactionPorts,
  { region, date, group }: { region: Region; date: Day; group: readonly SamplePart[] },
): Promise<void> {
  await ports.scratch.use(async (folder) => {
    const files = await downloadAll(ports.lake, group, folder);
    const outputFile = `${folder}/merged.parquet`;
    const request = { files, scratchFolder: `${folder}/spill`, outputFile };
    const { rows, sha256 } = await ports.merger.merge(request);
    const name = sha256.slice(0, NAME_DIGITS);
    const part = { region, date, key: `${samplesPrefix(region, date)}${name}.parquet`, rows };
    const replaces = group.map(({ key }) => key).filter((key) => key !== part.key);
    const replacedAt = ports.now().toISOString();
    await ports.lake.upload(part.key, outputFile, {
      contentType: 'application/vnd.apache.parquet',
    });
    await ports.lake.put(
      `compactions/region=${region}/date=${date}/${name}.json`,
      encoder.encode(JSON.stringify({ createdAt: replacedAt, part, replaces })),
      { contentType: 'application/json' },
    );
    await ports.lakeIndex.replace({ ...part, replaces, replacedAt });
  });
}

async function downloadAll(
  lake: CompactionPorts['lake'],
  group: readonly SamplePart[],
  folder: string,
): Promise<string[]> {
  const files = group.map((_, index) => `${folder}/${index}.parquet`);
  const queue = group.entries();
  await Promise.all(
    Array.from({ length: DOWNLOADS_AT_ONCE }, async () => {
      for (const [index, { key }] of queue) {
        const found = await lake.download(key, files[index] ?? '');
        if (!found)
          throw new Error(`the index names the part "${key}", and the lake has no such object`);
      }
    }),
  );
  return files;
}

function samplesPrefix(region: Region, date: Day): string {
  return `samples/region=${region}/date=${date}/`;
}
