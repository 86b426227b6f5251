import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import { compareText, type Region } from '../../identifiers.ts';
import type { CapacitySnapshot, CapacityStore } from '../../ports/capacity-store.ts';
import { instantOf, snapshotSha256 } from '../snapshot-order.ts';
import {
  readSet,
  readThroughMarker,
  removeMarked,
  replaceSet,
  setRefShape,
} from './chunked-set.ts';
import { countSchema, regionSchema } from './stored-json.ts';
import { queryPrefix, type Table } from './table.ts';

/** `CURRENT#<source>#<observed, so that text sorts as time>#<sha-256>#<ingest id>`: the last of a source is what it has. */
const markerRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  source: z.string(),
  observedUs: countSchema,
  sha256: z.string(),
  /** Empty in a marker from before snapshots were kept apart by ingest. */
  ingestId: z.string().default(''),
  ...setRefShape,
});
const snapshotSchema: z.ZodType<CapacitySnapshot> = z.strictObject({
  region: regionSchema,
  source: z.string(),
  observedAt: z.string(),
  hosts: z.array(
    z.strictObject({
      host: z.string(),
      inventories: z.record(
        z.string(),
        z.strictObject({
          total: z.number(),
          reserved: z.number(),
          allocationRatio: z.string(),
          used: z.number().nullable(),
          minUnit: z.number().optional(),
          maxUnit: z.number().optional(),
          stepSize: z.number().optional(),
        }),
      ),
      traits: z.array(z.string()).optional(),
    }),
  ),
  aggregates: z
    .array(
      z.strictObject({ name: z.string(), zone: z.string().nullable(), hosts: z.array(z.string()) }),
    )
    .optional(),
  flavors: z
    .array(
      z.strictObject({
        name: z.string(),
        vcpus: z.number(),
        ramMib: z.number(),
        diskGib: z.number(),
        dedicatedCpus: z.boolean().optional(),
        resources: z.record(z.string(), z.number()).optional(),
        traits: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  reservations: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string().optional(),
        project: z.string().optional(),
        date: z.string(),
        until: z.string(),
        size: z.union([
          z.strictObject({ cores: z.number(), ramGib: z.number() }),
          z.strictObject({
            hosts: z.strictObject({ low: z.number(), mid: z.number(), high: z.number() }),
          }),
        ]),
      }),
    )
    .optional(),
});

/** Snapshots kept of each source: what shows again when newer ones are withdrawn. */
const KEPT_PER_SOURCE = 5;
const US_DIGITS = 17;

export function dynamodbCapacityStore(table: Table): CapacityStore {
  return {
    async put(snapshot, ingestId) {
      const observedUs = instantOf(snapshot.observedAt);
      const sha256 = snapshotSha256(snapshot);
      const observed = String(observedUs).padStart(US_DIGITS, '0');
      const { region, source } = snapshot;
      await replaceSet(
        table,
        { pk: pkOf(region), sk: `CURRENT#${source}#${observed}#${sha256}#${ingestId}` },
        {
          values: [['snapshot', snapshot]],
          attributes: { source, observedUs, sha256, ingestId },
          mayReplace: (present) => present === null,
        },
      );
      const markers = await readMarkers(table, region, `CURRENT#${source}#`);
      await removeAll(table, markers.slice(0, -KEPT_PER_SOURCE));
    },
    async latest(region) {
      const found = await readThroughMarker(() => readLatest(table, region));
      if (found !== 'retry') return found;
      throw new ProblemError('busy', `The capacity of ${region} is being replaced. Try again.`);
    },
    async withdraw(region, ingestId) {
      const markers = await readMarkers(table, region, 'CURRENT#');
      await removeAll(
        table,
        markers.filter((marker) => marker.ingestId === ingestId),
      );
    },
  };
}

async function readMarkers(table: Table, region: Region, prefix: string) {
  const items = await Array.fromAsync(queryPrefix(table, pkOf(region), prefix));
  return items.map((item) => markerRow.parse(item));
}

async function removeAll(
  table: Table,
  markers: readonly z.output<typeof markerRow>[],
): Promise<void> {
  for (const marker of markers) await removeMarked(table, marker);
}

async function readLatest(
  table: Table,
  region: Region,
): Promise<readonly CapacitySnapshot[] | 'retry'> {
  const markers = await readMarkers(table, region, 'CURRENT#');
  const snapshots: CapacitySnapshot[] = [];
  for (const own of Map.groupBy(markers, ({ source }) => source).values()) {
    const marker = own.at(-1);
    const values = marker === undefined ? null : await readSet(table, marker.pk, marker);
    if (values === null) return 'retry';
    snapshots.push(snapshotSchema.parse(values.get('snapshot')));
  }
  return snapshots.toSorted((a, b) => compareText(a.source, b.source));
}

function pkOf(region: Region): string {
  return `CAPACITY#${region}`;
}
