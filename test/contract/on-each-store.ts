import { afterAll, beforeAll, describe } from 'vitest';
import type { Table } from '../../lib/adapters/dynamodb/table.ts';
import { embeddedTable } from './embedded.ts';

/**
 * Runs the laws of a port on both of its adapters. The DynamoDB table is shared by the tests of a
 * file, so each test keeps to regions or ids of its own.
 */
export function onEachStore<P>(
  port: string,
  adapters: { readonly memory: () => P; readonly dynamodb: (table: Table) => P },
  laws: (store: () => P) => void,
): void {
  describe(`${port}, in memory`, () => {
    const store = adapters.memory();
    laws(() => store);
  });
  describe(`${port}, in DynamoDB`, () => {
    let server: Awaited<ReturnType<typeof embeddedTable>>;
    let store: P;
    beforeAll(async () => {
      server = await embeddedTable();
      store = adapters.dynamodb(server.table);
    });
    afterAll(() => server.stop());
    laws(() => store);
  });
}
