import * as z from 'zod';
import { isRegion, type Region } from '../identifiers.ts';

// What stands in the lake was written by this program and is read by the schemas of the stores that it
// goes into; here is checked what decides where it goes.
const regionText = z.custom<Region>((value) => typeof value === 'string' && isRegion(value));

/** One Parquet file of samples, as manifests and records of compaction name it. */
export const partSchema = z.strictObject({
  region: regionText,
  date: z.iso.date(),
  key: z.string(),
  rows: z.int().nonnegative(),
});

/** What one ingest put into the lake. */
export const manifestSchema = z.looseObject({ parts: z.array(partSchema) });

/** Parts of a day that were made one. */
export const compactionSchema = z.looseObject({ part: partSchema });

/** The record of an ingest; `touched` are the partitions that it made due. */
export const ingestSchema = z.looseObject({
  id: z.string().min(1),
  region: regionText,
  state: z.enum(['ingested', 'refused', 'retracted']),
  touched: z.array(
    z.strictObject({ date: z.iso.date(), shard: z.int(), generation: z.int().positive() }),
  ),
  receivedAt: z.string(),
});

/** The record of a retraction. */
export const tombstoneSchema = z.looseObject({
  ingestId: z.string(),
  region: regionText,
  actor: z.string(),
  retractedAt: z.string(),
  reason: z.string(),
});

/** A region's capacity, as one ingest told it. */
export const snapshotSchema = z.strictObject({
  ingestId: z.string(),
  snapshot: z.looseObject({ region: regionText, source: z.string() }),
});

/** Days of demand that were measured elsewhere. */
export const importedSchema = z.array(z.looseObject({ ingestId: z.string(), region: regionText }));

/** A forecast that was kept. */
export const forecastSchema = z.looseObject({ region: regionText, origin: z.string() });

/** The keys of the parts that a compaction put its own in the place of. */
export const replacedSchema = z.looseObject({ replaces: z.array(z.string()) });
