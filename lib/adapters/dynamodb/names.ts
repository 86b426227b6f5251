import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import { NAME_KINDS, type Name, type NameKind, type NameStore } from '../../ports/names.ts';
import { deleteAll, putAll } from './batch-write.ts';
import { backOff, type Item, queryItems, type Table } from './table.ts';

const nameRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  kind: z.enum(NAME_KINDS),
  name: z.string(),
  domain: z.string().nullable(),
  actor: z.string(),
  at: z.string(),
});

const GETS_MAX = 100;
const BATCHES_AT_ONCE = 4;
const ATTEMPTS_MAX = 10;

/** An item a name: imports of a cloud's projects overwrite what has changed, and need not read first. */
export function dynamodbNameStore(table: Table): NameStore {
  return {
    async put(changes, { actor, at }) {
      const last = new Map(changes.map((change) => [`${change.kind} ${change.id}`, change]));
      const items = [...last.values()].flatMap(({ kind, id, name, domain }) =>
        name === null ? [] : [{ pk: pkOf(kind), sk: id, kind, name, domain, actor, at }],
      );
      const gone = [...last.values()]
        .filter(({ name }) => name === null)
        .map(({ kind, id }) => ({ pk: pkOf(kind), sk: id }));
      await putAll(table, items);
      await deleteAll(table, gone);
    },
    async find(kind, ids) {
      const batches = batchesOf([...new Set(ids)]);
      const names: Name[] = [];
      for (let start = 0; start < batches.length; start += BATCHES_AT_ONCE) {
        const some = batches.slice(start, start + BATCHES_AT_ONCE);
        const found = await Promise.all(some.map((batch) => getBatch(table, kind, batch)));
        names.push(...found.flat());
      }
      return new Map(names.map((name) => [name.id, name]));
    },
    async list(kind, { after, limit }) {
      const names: Name[] = [];
      const items = queryItems(table, {
        KeyConditionExpression: after === null ? 'pk = :pk' : 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: {
          ':pk': pkOf(kind),
          ...(after === null ? {} : { ':after': after }),
        },
        Limit: limit,
      });
      for await (const item of items) {
        names.push(nameOf(item));
        if (names.length === limit) break;
      }
      return names;
    },
  };
}

function pkOf(kind: NameKind): string {
  return `NAMES#${kind}`;
}

function nameOf(item: Item): Name {
  const { sk, kind, name, domain } = nameRow.parse(item);
  return { kind, id: sk, name, domain };
}

function batchesOf(ids: readonly string[]): (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / GETS_MAX) }, (_, index) =>
    ids.slice(index * GETS_MAX, (index + 1) * GETS_MAX),
  );
}

async function getBatch(table: Table, kind: NameKind, ids: readonly string[]): Promise<Name[]> {
  let keys: Record<string, unknown>[] = ids.map((id) => ({ pk: pkOf(kind), sk: id }));
  const found: Name[] = [];
  for (let attempt = 0; attempt < ATTEMPTS_MAX && keys.length > 0; attempt += 1) {
    if (attempt > 0) await backOff(attempt);
    const answer = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: keys } } }),
    );
    found.push(...(answer.Responses?.[table.name] ?? []).map(nameOf));
    keys = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  if (keys.length === 0) return found;
  throw new ProblemError(
    'busy',
    `DynamoDB left ${keys.length} of ${ids.length} names unread after ${ATTEMPTS_MAX} attempts. Try again; raise the table's capacity if it lasts.`,
  );
}
