import { assert } from '../assert.ts';
import { parseInstant } from '../period/instant.ts';
import type { CapacityStore, ImportedDemand } from '../ports/capacity-store.ts';
import type { BillStore, PeriodRecord } from '../ports/documents.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { billsKey, importedKey, ingestKey, periodKey, snapshotKey } from './record-keys.ts';

/**
 * Stores that put into S3 first what they are told: what the table holds can then be made again from
 * there (rebuild). A record that is put twice replaces itself.
 */
type Bucket = Pick<ObjectStore, 'put'>;

const encoder = new TextEncoder();

async function putJson(bucket: Bucket, key: string, value: unknown): Promise<void> {
  await bucket.put(key, encoder.encode(JSON.stringify(value)), { contentType: 'application/json' });
}

/** Keeps final ingests; what runs is taken up again by the sweep. */
export function ledgerWithRecords(ledger: Ledger, lake: Bucket): Ledger {
  return {
    ...ledger,
    async put(ingest) {
      if (ingest.state !== 'running') {
        await putJson(lake, ingestKey(ingest.region, ingest.id), ingest);
      }
      await ledger.put(ingest);
    },
  };
}

export function capacityWithRecords(store: CapacityStore, lake: Bucket): CapacityStore {
  return {
    ...store,
    async put(snapshot, ingestId) {
      const observed = parseInstant(snapshot.observedAt);
      assert(observed !== null, `a snapshot has a time, not "${snapshot.observedAt}"`);
      await putJson(lake, snapshotKey(snapshot, observed, ingestId), { ingestId, snapshot });
      await store.put(snapshot, ingestId);
    },
  };
}

export function demandWithRecords(store: ImportedDemand, lake: Bucket): ImportedDemand {
  return {
    ...store,
    async put(days) {
      const ingests = Map.groupBy(days, ({ region, ingestId }) => importedKey(region, ingestId));
      for (const [key, own] of ingests) await putJson(lake, key, own);
      await store.put(days);
    },
  };
}

/** Keeps what was closed; estimates (revision 0) are made again with the next metering. */
export function billsWithRecords(store: BillStore, documents: Bucket): BillStore {
  return {
    ...store,
    async putBills(period, revision, bills, extra) {
      if (revision > 0) await putJson(documents, billsKey(period, revision), { bills, extra });
      await store.putBills(period, revision, bills, extra);
    },
    async putPeriod(record, expected) {
      await keepPeriod(documents, record);
      try {
        await store.putPeriod(record, expected);
      } catch (error) {
        // Another came between: what stands is what is to be kept.
        await keepPeriod(documents, await store.getPeriod(record.period));
        throw error;
      }
    },
  };
}

async function keepPeriod(documents: Bucket, record: PeriodRecord | null): Promise<void> {
  if (record === null || record.state === 'open') return;
  const { version: _, ...kept } = record;
  await putJson(documents, periodKey(record.period), kept);
}
