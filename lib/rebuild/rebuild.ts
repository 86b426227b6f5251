import type { Region } from '../identifiers.ts';
import { tombstonePrefix } from '../retraction/tombstone-key.ts';
import { BILL_STEPS, restoreNumbers } from './bill-steps.ts';
import { replacedSchema } from './lake-objects.ts';
import { LAKE_STEPS } from './lake-steps.ts';
import type { RebuildPorts, RebuildRequest, RebuildStep, StepContext } from './rebuild-ports.ts';

const STEPS: readonly RebuildStep[] = [...LAKE_STEPS, ...BILL_STEPS];
const AT_ONCE = 16;
const PAGE_KEYS = 256;

/** Where the next call goes on: behind a key of a step. */
export interface RebuildCursor {
  readonly step: string;
  readonly after: string | null;
}

export interface RebuildProgress extends RebuildRequest {
  /** Null before the first call, and when nothing is left. */
  readonly cursor: RebuildCursor | null;
  readonly done: boolean;
  /** Objects that counted, by step. */
  readonly restored: Readonly<Record<string, number>>;
}

/**
 * Makes again what the table holds, but for configuration, from what S3 keeps: the index of parts, tombstones,
 * ledger, partitions (due, at the generations that their ingests set), capacity, imported demand, rated
 * history, forecasts, months, bills and numbers. Usage totals follow by metering.
 *
 * What the table has already is left or written as it is, so it can be repeated, and may run beside everything else.
 * Each call works for a while and says where to go on.
 */
export async function rebuild(
  ports: RebuildPorts,
  progress: RebuildProgress,
): Promise<RebuildProgress> {
  const deadlineMs = ports.now().getTime() + ports.budgetSeconds * 1_000;
  const context = contextOf(ports, progress);
  const restored: Record<string, number> = { ...progress.restored };
  let first = STEPS.findIndex(({ name }) => name === progress.cursor?.step);
  let after = progress.cursor?.after ?? null;
  for (first = Math.max(0, first); first < STEPS.length; first += 1) {
    const step = STEPS[first] as RebuildStep;
    for await (const { count, last } of pagesOf(context, step, after)) {
      restored[step.name] = (restored[step.name] ?? 0) + count;
      if (ports.now().getTime() > deadlineMs) {
        return { ...progress, restored, cursor: { step: step.name, after: last }, done: false };
      }
    }
    after = null;
  }
  if (!progress.dryRun) {
    if (progress.region === null) restored['numbers'] = await restoreNumbers(ports);
    await ports.messages.wakeMetering(0);
  }
  return { ...progress, restored, cursor: null, done: true };
}

export function startOf(request: RebuildRequest): RebuildProgress {
  return { ...request, cursor: null, done: false, restored: {} };
}

function contextOf(ports: RebuildPorts, { region, dryRun }: RebuildRequest): StepContext {
  const retracted = new Map<Region, Promise<ReadonlySet<string>>>();
  let replaced: Promise<ReadonlySet<string>> | null = null;
  return {
    ports,
    region,
    dryRun,
    retracted(of) {
      const known = retracted.get(of) ?? readRetracted(ports, of);
      retracted.set(of, known);
      return known;
    },
    replaced() {
      replaced ??= readReplaced(ports, region);
      return replaced;
    },
  };
}

async function readRetracted({ lake }: RebuildPorts, region: Region): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { key } of lake.list(tombstonePrefix(region))) {
    ids.add(key.slice(key.lastIndexOf('/') + 1).replace(/\.json$/, ''));
  }
  return ids;
}

async function readReplaced(
  ports: RebuildPorts,
  region: Region | null,
): Promise<ReadonlySet<string>> {
  const prefix = region === null ? 'compactions/' : `compactions/region=${region}/`;
  const keys = new Set<string>();
  for await (const { key } of ports.lake.list(prefix)) {
    for (const one of replacedSchema.parse(await readJson(ports.lake, key)).replaces) keys.add(one);
  }
  return keys;
}

async function* pagesOf(
  context: StepContext,
  step: RebuildStep,
  after: string | null,
): AsyncGenerator<{ readonly count: number; readonly last: string }> {
  const bucket = context.ports[step.bucket];
  const prefix = step.prefix(context.region);
  if (prefix === null) return;
  for await (const page of keyPages(bucket, { prefix, after, select: step.select })) {
    let count = 0;
    for (let start = 0; start < page.length; start += AT_ONCE) {
      const some = page.slice(start, start + AT_ONCE).map(async (key) => {
        const value = key.endsWith('.json') ? await readJson(bucket, key) : null;
        return await step.restore(context, { key, value });
      });
      count += (await Promise.all(some)).filter((counts) => counts).length;
    }
    yield { count, last: page.at(-1) ?? prefix };
  }
}

async function* keyPages(
  bucket: RebuildPorts['documents'],
  {
    prefix,
    after,
    select,
  }: { prefix: string; after: string | null; select: RebuildStep['select'] },
): AsyncGenerator<readonly string[]> {
  if (select !== undefined) {
    const all = await Array.fromAsync(bucket.list(prefix), ({ key }) => key);
    const left = select(all).filter((key) => after === null || key > after);
    for (let start = 0; start < left.length; start += PAGE_KEYS) {
      yield left.slice(start, start + PAGE_KEYS);
    }
    return;
  }
  let page: string[] = [];
  for await (const { key } of bucket.list(prefix, after ?? undefined)) {
    page.push(key);
    if (page.length < PAGE_KEYS) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function readJson(bucket: RebuildPorts['documents'], key: string): Promise<unknown> {
  const body = await bucket.get(key);
  return body === null ? null : JSON.parse(new TextDecoder().decode(body));
}
