import { assert } from '../assert.ts';
import type { ConfigDocument, ConfigStore } from '../ports/config-store.ts';
import { type MeterDocument, meterOf, meterSchema } from './configured-meter.ts';
import { type MeterTable, meterTable } from './meter-table.ts';

/** The meter table as it stands now: built in and configured. */
export async function storedMeters(configuration: Pick<ConfigStore, 'list'>): Promise<MeterTable> {
  return metersOf(await configuration.list('meter'));
}

/** The table that documents of kind `meter` give. */
export function metersOf(documents: readonly Pick<ConfigDocument, 'id' | 'body'>[]): MeterTable {
  return meterTable(documents.map((document) => meterOf(meterDocumentOf(document))));
}

/** What storage gives has lost its type. */
export function meterDocumentOf({ id, body }: Pick<ConfigDocument, 'id' | 'body'>): MeterDocument {
  const parsed = meterSchema.safeParse(body);
  assert(parsed.success, `the stored meter "${id}" does not fit its schema`);
  return parsed.data;
}
