import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import { compareText, type Region } from '../../identifiers.ts';
import type { CapacitySnapshot, CapacityStore } from '../../ports/capacity-store.ts';
import { instantOf, snapshotSha256 } from '../snapshot-order.ts';
import { readSet, readThroughMarker, replaceSet, setRefShape } from './chunked-set.ts';
import { countSchema, regionSchema } from './stored-json.ts';
import { queryPrefix, type Table } from './table.ts';

const markerRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  source: z.string(),
  observedUs: countSchema,
  sha256: z.string(),
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
        }),
      ),
    }),
  ),
});

export function dynamodbCapacityStore(table: Table): CapacityStore {
  return {
    async put(snapshot) {
      const observedUs = instantOf(snapshot.observedAt);
      const sha256 = snapshotSha256(snapshot);
      await replaceSet(
        table,
        { pk: pkOf(snapshot.region), sk: `CURRENT#${snapshot.source}` },
        {
          values: [['snapshot', snapshot]],
          attributes: { source: snapshot.source, observedUs, sha256 },
          mayReplace(item) {
            if (item === null) return true;
            const present = markerRow.parse(item);
            return present.observedUs === observedUs
              ? sha256 > present.sha256
              : observedUs > present.observedUs;
          },
        },
      );
    },
    async latest(region) {
      const found = await readThroughMarker(() => readLatest(table, region));
      if (found !== 'retry') return found;
      throw new ProblemError('busy', `The capacity of ${region} is being replaced. Try again.`);
    },
  };
}

async function readLatest(
  table: Table,
  region: Region,
): Promise<readonly CapacitySnapshot[] | 'retry'> {
  const items = await Array.fromAsync(queryPrefix(table, pkOf(region), 'CURRENT#'));
  const snapshots: CapacitySnapshot[] = [];
  for (const marker of items.map((item) => markerRow.parse(item))) {
    const values = await readSet(table, marker.pk, marker);
    if (values === null) return 'retry';
    snapshots.push(snapshotSchema.parse(values.get('snapshot')));
  }
  return snapshots.toSorted((a, b) => compareText(a.source, b.source));
}

function pkOf(region: Region): string {
  return `CAPACITY#${region}`;
}
