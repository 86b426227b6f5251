/**
 * dynalite writes the indexes of an item before the item, one LevelDB write each: a process killed
 * in between leaves an index that disagrees with its table. Here they go into one batch, which
 * LevelDB applies whole or not at all.
 */
export interface Operation {
  readonly type: 'put' | 'del';
  readonly key: string;
  readonly value?: unknown;
}

type Callback = (error?: unknown) => void;

interface SubDatabase {
  put(key: string, value: unknown, callback: Callback): void;
  del(key: string, callback: Callback): void;
}

export interface DynaliteStore {
  readonly db: { batch(operations: readonly Operation[], callback: Callback): void };
  getItemDb(table: string): SubDatabase;
  readonly tableDb: {
    get(name: string, callback: (error: unknown, table?: { TableStatus: string }) => void): void;
    put(name: string, table: unknown, callback: Callback): void;
  };
}

interface Table {
  readonly TableName: string;
  readonly LocalSecondaryIndexes?: readonly unknown[];
  readonly GlobalSecondaryIndexes?: readonly unknown[];
}

interface IndexActions {
  readonly puts: readonly { index: string; key: string; item: unknown }[];
  readonly deletes: readonly { index: string; key: string }[];
}

/** The part of dynalite's `db` module that its actions call. */
export interface DynaliteDatabase {
  create(options: unknown): DynaliteStore;
  createKey(item: unknown, table: Table): string;
  getIndexActions(
    indexes: readonly unknown[],
    existing: unknown,
    item: unknown,
    table: Table,
  ): IndexActions;
  updateIndexes(
    store: DynaliteStore,
    table: Table,
    existing: unknown,
    item: unknown,
    callback: Callback,
  ): void;
}

/** Changes the module in place; must run before dynalite makes its store. */
export function makeIndexesAtomic(
  database: DynaliteDatabase,
  onStore: (store: DynaliteStore) => void,
): void {
  // dynalite holds the item's lock from updateIndexes to the item's own write, so one entry each.
  const pending = new Map<string, readonly Operation[]>();
  const create = database.create;

  database.updateIndexes = (_store, table, existing, item, callback) => {
    // A delete of nothing comes with neither.
    const either = item ?? existing;
    if (either !== undefined && either !== null) {
      const key = `${table.TableName}~${database.createKey(either, table)}`;
      pending.set(key, indexOperations(database, table, existing, item));
    }
    callback();
  };

  database.create = (options) => {
    const store = create(options);
    const getItemDb = store.getItemDb;
    const joined = new WeakSet<SubDatabase>();
    store.getItemDb = (table) => {
      const items = getItemDb(table);
      if (joined.has(items)) return items;
      joined.add(items);
      const write = (key: string, last: Operation, callback: Callback) => {
        const indexes = pending.get(`${table}~${key}`) ?? [];
        pending.delete(`${table}~${key}`);
        store.db.batch([...indexes, last], callback);
      };
      const place = (key: string) => `item-${table}~${key}`;
      items.put = (key, value, callback) =>
        write(key, { type: 'put', key: place(key), value }, callback);
      items.del = (key, callback) => write(key, { type: 'del', key: place(key) }, callback);
      return items;
    };
    onStore(store);
    return store;
  };
}

function indexOperations(
  database: DynaliteDatabase,
  table: Table,
  existing: unknown,
  item: unknown,
): Operation[] {
  return (['Local', 'Global'] as const).flatMap((kind) => {
    const indexes = table[`${kind}SecondaryIndexes`] ?? [];
    const { puts, deletes } = database.getIndexActions(indexes, existing, item, table);
    const place = (index: string, key: string) =>
      `index-${kind.toLowerCase()}~${table.TableName}~${index}~${key}`;
    return [
      ...deletes.map(({ index, key }) => ({ type: 'del' as const, key: place(index, key) })),
      ...puts.map(({ index, key, item: value }) => ({
        type: 'put' as const,
        key: place(index, key),
        value,
      })),
    ];
  });
}
