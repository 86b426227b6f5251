import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import * as z from 'zod';
import { listenLocally, serve } from '../process/serve.ts';
import { type DynaliteDatabase, type DynaliteStore, makeIndexesAtomic } from './atomic-indexes.ts';

const settingsSchema = z.object({ path: z.string(), port: z.number() });
const declaredSchema = z.array(z.string());

/** dynalite over LevelDB; what it acknowledged survives a kill of any process. */
serve(async (settings) => {
  const { path, port: wanted } = settingsSchema.parse(settings);
  const require = createRequire(import.meta.url);
  let store: DynaliteStore | null = null;
  makeIndexesAtomic(require('dynalite/db') as DynaliteDatabase, (made) => {
    store = made;
  });
  const dynalite = require('dynalite') as (options: unknown) => Server;
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const port = await listenLocally(server, wanted);
  return {
    port,
    async prepare(declared) {
      for (const table of declaredSchema.parse(declared)) {
        if (store !== null) await finishCreation(store, table);
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
});

/** A table whose creation was cut short by a kill would stay in CREATING for ever. */
async function finishCreation(store: DynaliteStore, name: string): Promise<void> {
  const table = await new Promise<{ TableStatus: string } | undefined>((resolve) => {
    store.tableDb.get(name, (_error, found) => resolve(found));
  });
  if (table?.TableStatus !== 'CREATING') return;
  await new Promise<void>((resolve, reject) => {
    store.tableDb.put(name, { ...table, TableStatus: 'ACTIVE' }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
