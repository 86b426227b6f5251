import type * as z from 'zod';
import type { Region } from '../identifiers.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import { addDays } from '../period/calendar.ts';
import type { CapacitySnapshot, ImportedDay } from '../ports/capacity-store.ts';
import type { ForecastRecord } from '../ports/documents.ts';
import type { Ingest } from '../ports/ledger.ts';
import type { Retraction } from '../ports/retractions.ts';
import { recountDay } from '../rated-history/rated-history.ts';
import { tombstoneKey } from '../retraction/tombstone-key.ts';
import {
  compactionSchema,
  forecastSchema,
  importedSchema,
  ingestSchema,
  manifestSchema,
  type partSchema,
  snapshotSchema,
  tombstoneSchema,
} from './lake-objects.ts';
import type { RebuildPorts, RebuildStep, StepContext } from './rebuild-ports.ts';
import { regionOfKey } from './record-keys.ts';

/** As many as the store keeps of a source. */
const SNAPSHOTS_KEPT = 5;

function under(folder: string) {
  return (region: Region | null) =>
    region === null ? `${folder}/` : `${folder}/region=${region}/`;
}

/** First of all: nothing that was withdrawn may be metered. */
const tombstones: RebuildStep = {
  name: 'retractions',
  bucket: 'lake',
  prefix: under('retractions'),
  async restore({ ports, dryRun }, { value }) {
    const retraction = tombstoneSchema.parse(value);
    if (!dryRun) await ports.retractions.add(retraction as unknown as Retraction);
    return true;
  },
};

const manifests: RebuildStep = {
  name: 'manifests',
  bucket: 'lake',
  prefix: () => 'manifests/',
  async restore(context, { value }) {
    const { parts } = manifestSchema.parse(value);
    const own = parts.filter(({ region }) => context.region === null || region === context.region);
    await restoreParts(context, own);
    return own.length > 0;
  },
};

const compactions: RebuildStep = {
  name: 'compactions',
  bucket: 'lake',
  prefix: under('compactions'),
  async restore(context, { value }) {
    const { part } = compactionSchema.parse(value);
    await restoreParts(context, [part]);
    return true;
  },
};

/** The days of parts are due, with their neighbours, also where no record of an ingest says so. */
async function restoreParts(
  context: StepContext,
  parts: readonly z.output<typeof partSchema>[],
): Promise<void> {
  if (context.dryRun) return;
  const { ports } = context;
  const replaced = await context.replaced();
  await ports.lakeIndex.add(parts.filter(({ key }) => !replaced.has(key)));
  for (const [region, own] of Map.groupBy(parts, (part) => part.region)) {
    await ports.regions.ensure(region, ports.now());
    const { shards } = await storedSettings(ports.configuration, region);
    const days = new Set(own.flatMap(({ date }) => [addDays(date, -1), date, addDays(date, 1)]));
    for (const date of days) {
      for (let shard = 0; shard < shards; shard += 1) {
        const options = { generation: 1, now: ports.now() };
        await ports.partitions.restore({ region, date, shard }, options);
      }
    }
  }
}

const ingests: RebuildStep = {
  name: 'ingests',
  bucket: 'lake',
  prefix: under('ingests'),
  async restore({ ports, dryRun, retracted }, { value }) {
    const ingest = ingestSchema.parse(value);
    if (dryRun) return true;
    const { id, region, touched, receivedAt } = ingest;
    await ports.regions.ensure(region, new Date(receivedAt));
    for (const { date, shard, generation } of touched) {
      await ports.partitions.restore({ region, date, shard }, { generation, now: ports.now() });
    }
    const isWithdrawn = (await retracted(region)).has(id);
    const stated = isWithdrawn ? { ...ingest, ...(await withdrawal(ports, region, id)) } : ingest;
    await ports.ledger.put(stated as unknown as Ingest);
    return true;
  },
};

/** The tombstone decides, should the record be from before it. */
async function withdrawal({ lake }: RebuildPorts, region: Region, id: string) {
  const body = await lake.get(tombstoneKey(region, id));
  const tombstone = tombstoneSchema.parse(JSON.parse(new TextDecoder().decode(body ?? undefined)));
  const { actor, retractedAt: at, reason } = tombstone;
  return { state: 'retracted', retraction: { actor, at, reason } };
}

const capacity: RebuildStep = {
  name: 'capacity',
  bucket: 'lake',
  prefix: under('capacity'),
  select: (keys) =>
    [...Map.groupBy(keys, (key) => key.slice(0, key.lastIndexOf('/'))).values()].flatMap((own) =>
      own.slice(-2 * SNAPSHOTS_KEPT),
    ),
  async restore({ ports, dryRun, retracted }, { value }) {
    const { snapshot, ingestId } = snapshotSchema.parse(value);
    if ((await retracted(snapshot.region)).has(ingestId)) return false;
    if (!dryRun) await ports.capacity.put(snapshot as unknown as CapacitySnapshot, ingestId);
    return true;
  },
};

const imported: RebuildStep = {
  name: 'imported',
  bucket: 'lake',
  prefix: under('imported'),
  async restore({ ports, dryRun, retracted }, { value }) {
    const days = importedSchema.parse(value);
    const [first] = days;
    if (first === undefined || (await retracted(first.region)).has(first.ingestId)) return false;
    if (!dryRun) await ports.importedDemand.put(days as unknown as readonly ImportedDay[]);
    return true;
  },
};

/** One object a day of it is enough: the day is counted from all of its objects. */
const ratedHistory: RebuildStep = {
  name: 'ratedDays',
  bucket: 'lake',
  prefix: under('rated-history'),
  select: (keys) => [
    ...new Map(keys.map((key) => [key.slice(0, key.lastIndexOf('/')), key])).values(),
  ],
  async restore({ ports, dryRun }, { key }) {
    const region = regionOfKey(key);
    const date = /\/date=([^/]+)\//.exec(key)?.[1] ?? '';
    const { lake, ratedDays: days, retractions } = ports;
    if (!dryRun) await recountDay({ lake, days, retractions }, region, date);
    return true;
  },
};

/** The newest of each region and metric; a run of the forecasts makes the next. */
const forecasts: RebuildStep = {
  name: 'forecasts',
  bucket: 'lake',
  prefix: under('forecasts'),
  select: (keys) => [
    ...new Map(keys.map((key) => [key.slice(0, key.lastIndexOf('/')), key])).values(),
  ],
  async restore({ ports, dryRun }, { value }) {
    const record = forecastSchema.parse(value);
    if (!dryRun) await ports.forecasts.put(record as unknown as ForecastRecord);
    return true;
  },
};

/** In this order: what tells of days to be metered comes after what metering reads. */
export const LAKE_STEPS: readonly RebuildStep[] = [
  tombstones,
  compactions,
  manifests,
  ingests,
  capacity,
  imported,
  ratedHistory,
  forecasts,
];
