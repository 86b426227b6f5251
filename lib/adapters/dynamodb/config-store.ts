import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import type {
  AuditEntry,
  ConfigDocument,
  ConfigKind,
  ConfigStore,
} from '../../ports/config-store.ts';
import { staleConfig } from '../store-problems.ts';
import { countSchema, ITEM_BYTES_MAX, sizeOf, storedJson, toStoredJson } from './stored-json.ts';
import { getItem, putItem, putItemIf, queryPrefix, type Table } from './table.ts';

/** A deleted document keeps its version, so that one made anew under its id never has an old ETag. */
const configRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  version: countSchema,
  deleted: z.boolean(),
  actor: z.string(),
  updatedAt: z.string(),
  writer: z.string(),
  body: storedJson(z.unknown()),
});
type ConfigRow = z.infer<typeof configRow>;

export function dynamodbConfigStore(table: Table): ConfigStore {
  return {
    async get(kind, id) {
      const row = await getRow(table, kind, id);
      return row === null || row.deleted ? null : documentOf(kind, row);
    },
    async list(kind) {
      const items = await Array.fromAsync(queryPrefix(table, `CONFIG#${kind}`, ''));
      return items
        .map((item) => configRow.parse(item))
        .filter((row) => !row.deleted)
        .map((row) => documentOf(kind, row));
    },
    async put({ kind, id, body, actor, updatedAt, expectedVersion }) {
      const row = await write(
        table,
        { kind, id },
        { expectedVersion, body, actor, updatedAt, deleted: false },
      );
      return documentOf(kind, row);
    },
    async delete(kind, id, { expectedVersion, actor, at }) {
      await write(
        table,
        { kind, id },
        { expectedVersion, body: null, actor, updatedAt: at, deleted: true },
      );
    },
    audit: (entry) => audit(table, entry),
  };
}

async function getRow(table: Table, kind: ConfigKind, id: string): Promise<ConfigRow | null> {
  const item = await getItem(table, { pk: `CONFIG#${kind}`, sk: id });
  return item === null ? null : configRow.parse(item);
}

/**
 * The document first, its audit entry after it: each document carries who wrote it, and the next
 * write enters the last one again, in case a crash fell between the two.
 */
async function write(
  table: Table,
  { kind, id }: { readonly kind: ConfigKind; readonly id: string },
  change: {
    readonly expectedVersion: number;
    readonly body: unknown;
    readonly actor: string;
    readonly updatedAt: string;
    readonly deleted: boolean;
  },
): Promise<ConfigRow> {
  const { expectedVersion, ...fields } = change;
  const present = await getRow(table, kind, id);
  if (versionOf(present) !== expectedVersion) throw stale(kind, id, { expectedVersion, present });
  if (present !== null) await audit(table, entryOf(kind, present));
  const version = (present?.version ?? 0) + 1;
  const writer = randomUUID();
  const item = {
    pk: `CONFIG#${kind}`,
    sk: id,
    ...fields,
    version,
    writer,
    body: toStoredJson(fields.body),
  };
  if (sizeOf(item.body) > ITEM_BYTES_MAX) {
    throw new ProblemError(
      'too_large',
      `The ${kind} "${id}" is larger than can be kept (${ITEM_BYTES_MAX} bytes compressed): split it.`,
    );
  }
  // The writer's own token lets the repetition of a write whose answer was lost pass.
  const written = await putItemIf(table, item, {
    expression:
      present === null
        ? 'attribute_not_exists(pk) OR writer = :writer'
        : 'version = :present OR writer = :writer',
    values: { ':writer': writer, ...(present === null ? {} : { ':present': present.version }) },
  });
  if (!written) {
    throw stale(kind, id, { expectedVersion, present: await getRow(table, kind, id) });
  }
  const row = { ...item, body: fields.body };
  await audit(table, entryOf(kind, row));
  return row;
}

function stale(
  kind: ConfigKind,
  id: string,
  {
    expectedVersion,
    present,
  }: { readonly expectedVersion: number; readonly present: ConfigRow | null },
): ProblemError {
  return staleConfig({ kind, id }, expectedVersion, versionOf(present) || null);
}

/** 0 for a document that does not exist. */
function versionOf(row: ConfigRow | null): number {
  return row === null || row.deleted ? 0 : row.version;
}

function documentOf(kind: ConfigKind, row: ConfigRow): ConfigDocument {
  return {
    kind,
    id: row.sk,
    version: row.version,
    body: row.body,
    actor: row.actor,
    updatedAt: row.updatedAt,
  };
}

function entryOf(kind: ConfigKind, row: ConfigRow): AuditEntry {
  return {
    at: row.updatedAt,
    actor: row.actor,
    action: `${kind}.${row.deleted ? 'delete' : 'put'}`,
    subject: row.sk,
    version: row.version,
  };
}

/** Under a key that its content gives: entering it again changes nothing. */
async function audit(table: Table, entry: AuditEntry): Promise<void> {
  const digest = createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 16);
  await putItem(table, {
    pk: `AUDIT#${entry.at.slice(0, 7)}`,
    sk: `${entry.at}#${digest}`,
    ...entry,
  });
}
