import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { SourceLease, SourceRun, SourceState, SourceStates } from '../../ports/sources.ts';
import { countSchema, storedJson, toStoredJson } from './stored-json.ts';
import { getItem, type Item, queryPrefix, type Table, updateItemIf } from './table.ts';

/** All in one partition: there are tens of sources, and a tick reads them all. */
const PK = 'SOURCES';

const runSchema: z.ZodType<SourceRun> = z.strictObject({
  id: z.string(),
  actor: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'stopped']),
  windows: countSchema,
  requests: countSchema,
  objectCount: countSchema,
  newObjectCount: countSchema,
  objects: z.array(
    z.strictObject({
      key: z.string(),
      ingestId: z.string(),
      sizeBytes: countSchema,
      isNew: z.boolean(),
    }),
  ),
  error: z.string().nullable(),
  warnings: z.array(z.string()),
});
const stateSchema: z.ZodType<SourceState> = z.strictObject({
  id: z.string(),
  fingerprint: z.string(),
  pulledUntil: z.string().nullable(),
  schedule: z.string(),
  nextDueAt: z.string().nullable(),
  lastSuccessAt: z.string().nullable(),
  failures: countSchema,
  lastRun: runSchema.nullable(),
});
const rowSchema = z.strictObject({
  pk: z.literal(PK),
  sk: z.string(),
  /** None between the first lease and the first end of a window. */
  body: storedJson(stateSchema).optional(),
  leaseToken: z.string().optional(),
  leaseUntilMs: z.number().optional(),
});

export function dynamodbSourceStates(table: Table): SourceStates {
  return {
    async get(id) {
      const item = await getItem(table, { pk: PK, sk: id });
      return item === null ? null : stateOf(item);
    },
    async list() {
      const items = await Array.fromAsync(queryPrefix(table, PK, ''));
      return items.map(stateOf).filter((state) => state !== null);
    },
    async lease(id, { now, seconds }) {
      const token = randomUUID();
      const taken = await updateItemIf(
        table,
        { pk: PK, sk: id },
        {
          update: 'SET leaseToken = :token, leaseUntilMs = :until',
          condition:
            'attribute_not_exists(leaseToken) OR leaseUntilMs <= :now OR leaseToken = :token',
          values: {
            ':token': token,
            ':until': now.getTime() + seconds * 1_000,
            ':now': now.getTime(),
          },
        },
      );
      return taken ? { id, token } : null;
    },
    extend: (lease, { now, seconds }) =>
      updateHeld(table, lease, {
        update: 'SET leaseUntilMs = :until',
        values: { ':until': now.getTime() + seconds * 1_000 },
      }),
    save: (lease, state) =>
      updateHeld(table, lease, {
        update: 'SET body = :body',
        values: { ':body': toStoredJson(state) },
      }),
    async release(lease) {
      await updateHeld(table, lease, { update: 'REMOVE leaseToken, leaseUntilMs', values: {} });
    },
  };
}

function updateHeld(
  table: Table,
  { id, token }: SourceLease,
  { update, values }: { readonly update: string; readonly values: Record<string, unknown> },
): Promise<boolean> {
  return updateItemIf(
    table,
    { pk: PK, sk: id },
    { update, condition: 'leaseToken = :token', values: { ...values, ':token': token } },
  );
}

function stateOf(item: Item): SourceState | null {
  return rowSchema.parse(item).body ?? null;
}
