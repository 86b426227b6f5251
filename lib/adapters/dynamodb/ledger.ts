import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Region } from '../../identifiers.ts';
import { replayedIngest } from '../../ingest/replay-key.ts';
import type { Ingest, Ledger } from '../../ports/ledger.ts';
import { inOrderOfArrival } from '../ingest-order.ts';
import { deleteAll } from './batch-write.ts';
import { ingestSchema, ingestStateSchema } from './ingest-schema.ts';
import { storedJson, toStoredJson } from './stored-json.ts';
import { getItem, putItem, putItemIf, queryItems, queryPrefix, type Table } from './table.ts';

const ingestRow = z.strictObject({
  pk: z.string(),
  sk: z.literal('INGEST'),
  gsi1pk: z.string(),
  gsi1sk: z.string(),
  state: ingestStateSchema,
  body: storedJson(ingestSchema),
});
/** One version of a landing object that some ingest took up. */
const objectRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  key: z.string(),
  ingestId: z.string(),
  final: z.boolean(),
});
/** Stands from before an ingest runs until after it ended, so that running ones are found without the index. */
const runningRow = z.strictObject({ pk: z.string(), sk: z.string() });
/** Under the ingest whose refused rows another has sent again. */
const replayRow = z.strictObject({ pk: z.string(), sk: z.string().startsWith('REPLAY#') });

export function dynamodbLedger(table: Table): Ledger {
  return {
    async put(ingest) {
      if (ingest.state === 'running') await putRunning(table, ingest);
      else await putFinal(table, ingest);
    },
    get: (id) => getIngest(table, id),
    async findByKey(region, key) {
      const newest = queryItems(table, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': `OBJECT#${region}`, ':prefix': `${sha256(key)}#` },
        ScanIndexForward: false,
        Limit: 1,
      });
      for await (const item of newest) return getIngest(table, objectRow.parse(item).ingestId);
      return null;
    },
    async isFinal(region, key, putAt) {
      const prefix = `${sha256(key)}#${toSecond(putAt)}#`;
      const items = await Array.fromAsync(queryPrefix(table, `OBJECT#${region}`, prefix));
      return items.length > 0 && items.every((item) => objectRow.parse(item).final);
    },
    list: (query) => listIngests(table, query),
    replaysOf: (id) => listReplays(table, id),
    countRunning: (region) => countRunning(table, region),
  };
}

async function getIngest(table: Table, id: string): Promise<Ingest | null> {
  const item = await getItem(table, { pk: `INGEST#${id}`, sk: 'INGEST' });
  return item === null ? null : ingestRow.parse(item).body;
}

async function putRunning(table: Table, ingest: Ingest): Promise<void> {
  await putItem(table, { pk: `RUNNING#${ingest.region}`, sk: ingest.id });
  await putItemIf(table, rowOf(ingest), {
    expression: 'attribute_not_exists(pk) OR #state = :running',
    names: { '#state': 'state' },
    values: { ':running': 'running' },
  });
  await putItemIf(table, objectOf(ingest), { expression: 'attribute_not_exists(pk)' });
  await putReplay(table, ingest);
}

/** The ledger first: an object counts as seen only when its report can be read. */
async function putFinal(table: Table, ingest: Ingest): Promise<void> {
  if (ingest.state === 'retracted') await putItem(table, rowOf(ingest));
  else {
    await putItemIf(table, rowOf(ingest), {
      expression: 'attribute_not_exists(pk) OR #state <> :retracted',
      names: { '#state': 'state' },
      values: { ':retracted': 'retracted' },
    });
  }
  await putItem(table, objectOf(ingest));
  await putReplay(table, ingest);
  await deleteAll(table, [{ pk: `RUNNING#${ingest.region}`, sk: ingest.id }]);
}

/** The landing key of a replay names the ingest whose rows it sends again. */
async function putReplay(table: Table, { id, key }: Ingest): Promise<void> {
  const original = replayedIngest(key);
  if (original === null) return;
  await putItem(table, { pk: `INGEST#${original}`, sk: `REPLAY#${id}` });
}

async function listReplays(table: Table, id: string): Promise<readonly Ingest[]> {
  const items = await Array.fromAsync(queryPrefix(table, `INGEST#${id}`, 'REPLAY#'));
  const ids = items.map((item) => replayRow.parse(item).sk.slice('REPLAY#'.length));
  const found = await Promise.all(ids.map((replay) => getIngest(table, replay)));
  return inOrderOfArrival(found.filter((ingest) => ingest !== null));
}

/** A marker may outlive its ingest by a crash, until the retry: so each is checked. */
async function countRunning(table: Table, region: Region): Promise<number> {
  const markers = await Array.fromAsync(queryPrefix(table, `RUNNING#${region}`, ''));
  let running = 0;
  for (const { sk } of markers.map((item) => runningRow.parse(item))) {
    const ingest = await getIngest(table, sk);
    if (ingest === null || ingest.state === 'running') running += 1;
  }
  return running;
}

async function listIngests(
  table: Table,
  { region, limit, before }: Parameters<Ledger['list']>[0],
): ReturnType<Ledger['list']> {
  const rows = queryItems(table, {
    IndexName: 'gsi1',
    KeyConditionExpression:
      before === undefined ? 'gsi1pk = :pk' : 'gsi1pk = :pk AND gsi1sk < :before',
    ExpressionAttributeValues: {
      ':pk': `INGESTS#${region}`,
      ...(before === undefined ? {} : { ':before': before }),
    },
    ScanIndexForward: false,
    Limit: limit + 1,
  });
  const items: Ingest[] = [];
  let last: string | null = null;
  for await (const item of rows) {
    if (items.length === limit) return { items, next: last };
    const row = ingestRow.parse(item);
    items.push(row.body);
    last = row.gsi1sk;
  }
  return { items, next: null };
}

function rowOf(ingest: Ingest) {
  return {
    pk: `INGEST#${ingest.id}`,
    sk: 'INGEST',
    gsi1pk: `INGESTS#${ingest.region}`,
    gsi1sk: `${new Date(ingest.receivedAt).toISOString()}#${ingest.id}`,
    state: ingest.state,
    body: toStoredJson(ingest),
  };
}

function objectOf(ingest: Ingest) {
  return {
    pk: `OBJECT#${ingest.region}`,
    sk: `${sha256(ingest.key)}#${toSecond(new Date(ingest.receivedAt))}#${ingest.id}`,
    key: ingest.key,
    ingestId: ingest.id,
    final: ingest.state !== 'running',
  };
}

/** Keys have up to 1,024 bytes and sort keys no more, so the key goes in by its hash. */
function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Put times are known to the second: some answers of S3 give no more. */
function toSecond(putAt: Date): string {
  return `${putAt.toISOString().slice(0, 19)}Z`;
}
