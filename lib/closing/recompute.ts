import { type ClosedMonth, closeMonth } from '../billing/close-month.ts';
import { measuresByResource } from '../billing/price-month.ts';
import { ProblemError } from '../errors.ts';
import type { Month } from '../period/calendar.ts';
import type { MonthUsage, MonthUsageReader } from '../ports/month-usage.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Scratch } from '../ports/scratch.ts';
import { readRateCard } from '../rating/rate-card.ts';
import { documentsOf, type ManifestInputs } from './manifest.ts';
import { keptUsageKey } from './rating-inputs.ts';

export interface RecomputePorts {
  readonly documents: Pick<ObjectStore, 'download'>;
  readonly lake: Pick<ObjectStore, 'download'>;
  readonly usage: MonthUsageReader;
  readonly scratch: Scratch;
  readonly sha256OfFile: (path: string) => Promise<string>;
}

const DOWNLOADS_AT_ONCE = 8;

/**
 * Makes the bills of a month from its manifest and nothing else: the usage as it was kept (or, from before
 * usage was kept, as the lake still has it), and the documents that stand in the manifest.
 *
 * @throws ProblemError `refused` when usage is neither kept nor in the lake as it was
 */
export function recomputeMonth(
  ports: RecomputePorts,
  period: Month,
  from: ManifestInputs,
): Promise<ClosedMonth> {
  return withKeptUsage(ports, from, ({ rows }) =>
    closeMonth({ period, usage: rows, ...documentsOf(from) }),
  );
}

/**
 * The usage that bills were made from, for as long as `use` runs.
 *
 * @throws ProblemError `refused` when it is neither kept nor in the lake as it was
 */
export async function withKeptUsage<T>(
  ports: RecomputePorts,
  from: ManifestInputs,
  use: (usage: MonthUsage) => Promise<T>,
): Promise<T> {
  const byResource = measuresByResource(documentsOf(from).cards.map(readRateCard));
  return ports.scratch.use(async (scratchFolder) => {
    const usageFiles = await fetchUsage(ports, from.inputs.usage, scratchFolder);
    return ports.usage.read({ usageFiles, byResource, scratchFolder }, use);
  });
}

type UsageObjects = ManifestInputs['inputs']['usage'];

async function fetchUsage(
  ports: RecomputePorts,
  objects: UsageObjects,
  folder: string,
): Promise<string[]> {
  const paths: string[] = [];
  const missing: string[] = [];
  for (let start = 0; start < objects.length; start += DOWNLOADS_AT_ONCE) {
    const some = objects.slice(start, start + DOWNLOADS_AT_ONCE).map(async (object, index) => {
      const path = `${folder}/usage-${start + index}.parquet`;
      if (await fetchObject(ports, object, path)) paths.push(path);
      else missing.push(object.key);
    });
    await Promise.all(some);
  }
  if (missing.length === 0) return paths;
  throw new ProblemError(
    'refused',
    `The bills cannot be computed again: ${missing.length} usage objects are not there as they were, the first is "${missing.toSorted()[0]}". Restore their versions in the documents bucket, under kept-usage/.`,
  );
}

async function fetchObject(
  { documents, lake, sha256OfFile }: RecomputePorts,
  { key, sha256 }: UsageObjects[number],
  path: string,
): Promise<boolean> {
  for (const [bucket, name] of [
    [documents, keptUsageKey(sha256)],
    [lake, key],
  ] as const) {
    if ((await bucket.download(name, path)) && (await sha256OfFile(path)) === sha256) return true;
  }
  return false;
}
