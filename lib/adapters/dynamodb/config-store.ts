import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { changeOf } from '../../audit/change-of.ts';
import { ProblemError } from '../../errors.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { ConfigDocument, ConfigKind, ConfigStore } from '../../ports/config-store.ts';
import { staleConfig } from '../store-problems.ts';
import { dynamodbAuditLog, untoldSchema } from './audit-log.ts';
import { countSchema, ITEM_BYTES_MAX, sizeOf, storedJson, toStoredJson } from './stored-json.ts';
import { getItem, putItemIf, queryItems, queryPrefix, type Table, updateItemIf } from './table.ts';

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
  /** While the audit log may lack the entry of this version; it is then in the index, too. */
  untold: storedJson(untoldSchema).exactOptional(),
  gsi1pk: z.literal('UNTOLD').exactOptional(),
  gsi1sk: z.string().exactOptional(),
});
type ConfigRow = z.infer<typeof configRow>;

export function dynamodbConfigStore(table: Table): ConfigStore {
  const audit = dynamodbAuditLog(table);
  const stores = { table, audit };
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
        stores,
        { kind, id },
        { expectedVersion, body, actor, updatedAt, deleted: false },
      );
      return documentOf(kind, row);
    },
    async delete(kind, id, { expectedVersion, actor, at }) {
      await write(
        stores,
        { kind, id },
        { expectedVersion, body: null, actor, updatedAt: at, deleted: true },
      );
    },
  };
}

async function getRow(table: Table, kind: ConfigKind, id: string): Promise<ConfigRow | null> {
  const item = await getItem(table, { pk: `CONFIG#${kind}`, sk: id });
  return item === null ? null : configRow.parse(item);
}

interface Stores {
  readonly table: Table;
  readonly audit: AuditLog;
}

interface Change {
  readonly expectedVersion: number;
  readonly body: unknown;
  readonly actor: string;
  readonly updatedAt: string;
  readonly deleted: boolean;
}

/**
 * The document carries the entry that tells of it until that stands in the audit log. What a writer
 * that died left untold, the next write of any document tells first.
 */
async function write(
  { table, audit }: Stores,
  { kind, id }: { readonly kind: ConfigKind; readonly id: string },
  change: Change,
): Promise<ConfigRow> {
  const { expectedVersion, ...fields } = change;
  await tellAll({ table, audit });
  const present = await getRow(table, kind, id);
  if (versionOf(present) !== expectedVersion) throw stale(kind, id, { expectedVersion, present });
  if (present !== null) await tell({ table, audit }, present);
  const version = (present?.version ?? 0) + 1;
  const row = { pk: `CONFIG#${kind}`, sk: id, ...fields, version, writer: randomUUID() };
  const fact = await changeOf(present && stateOf(kind, present), stateOf(kind, row));
  const untold = await audit.prepare(fact);
  const item = {
    ...row,
    body: toStoredJson(fields.body),
    untold: toStoredJson(untold),
    gsi1pk: 'UNTOLD',
    gsi1sk: fields.updatedAt,
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
    values: {
      ':writer': row.writer,
      ...(present === null ? {} : { ':present': present.version }),
    },
  });
  if (!written) {
    throw stale(kind, id, { expectedVersion, present: await getRow(table, kind, id) });
  }
  await tell({ table, audit }, { ...row, untold });
  return row;
}

async function tell({ table, audit }: Stores, row: ConfigRow): Promise<void> {
  const { pk, sk, untold, writer } = row;
  if (untold === undefined) return;
  await audit.tell(untold);
  await updateItemIf(
    table,
    { pk, sk },
    {
      update: 'REMOVE untold, gsi1pk, gsi1sk',
      condition: 'writer = :writer',
      values: { ':writer': writer },
    },
  );
}

/** The index may lag: what it does not show yet is told by a later write. */
async function tellAll(stores: Stores): Promise<void> {
  const items = queryItems(stores.table, {
    IndexName: 'gsi1',
    KeyConditionExpression: 'gsi1pk = :untold',
    ExpressionAttributeValues: { ':untold': 'UNTOLD' },
  });
  for await (const item of items) await tell(stores, configRow.parse(item));
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

function stateOf(kind: ConfigKind, row: ConfigRow) {
  return { document: documentOf(kind, row), deleted: row.deleted };
}
