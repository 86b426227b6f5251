import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenLocally } from '../../../infra/local/process/serve.ts';
import {
  type DynaliteDatabase,
  type DynaliteStore,
  makeIndexesAtomic,
  type Operation,
} from '../../../infra/local/state/atomic-indexes.ts';

const TableName = 'items';
/** What reached LevelDB, one entry for each write that it applies as a whole. */
const writes: (readonly Operation[])[] = [];
let server: Server;
let table: DynamoDBDocumentClient;

function watch(store: DynaliteStore): void {
  const batch = store.db.batch;
  store.db.batch = (operations, callback) => {
    writes.push(operations);
    batch(operations, callback);
  };
}

beforeAll(async () => {
  const require = createRequire(import.meta.url);
  makeIndexesAtomic(require('dynalite/db') as DynaliteDatabase, watch);
  const dynalite = require('dynalite') as (options: unknown) => Server;
  server = dynalite({ createTableMs: 0 });
  const endpoint = `http://127.0.0.1:${await listenLocally(server)}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials });
  table = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'due', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byDue',
          KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function due(value: string): Promise<unknown[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName,
      IndexName: 'byDue',
      KeyConditionExpression: 'due = :due',
      ExpressionAttributeValues: { ':due': value },
    }),
  );
  return Items.map(({ pk }) => pk);
}

/** The kinds of what one write changed: the item, and entries of its index. */
const lastWrite = () => writes.at(-1)?.map(({ type, key }) => `${type} ${key.split('-')[0]}`);

describe('an item and its place in an index are written as one', () => {
  it('when it is put, moved and deleted', async () => {
    await table.send(new PutCommand({ TableName, Item: { pk: 'a', due: 'soon' } }));
    expect([lastWrite(), await due('soon')]).toEqual([['put index', 'put item'], ['a']]);
    await table.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'a' },
        UpdateExpression: 'SET due = :due',
        ExpressionAttributeValues: { ':due': 'later' },
      }),
    );
    expect(lastWrite()).toEqual(['del index', 'put index', 'put item']);
    expect([await due('soon'), await due('later')]).toEqual([[], ['a']]);
    await table.send(
      new UpdateCommand({ TableName, Key: { pk: 'a' }, UpdateExpression: 'REMOVE due' }),
    );
    expect([lastWrite(), await due('later')]).toEqual([['del index', 'put item'], []]);
    await table.send(new PutCommand({ TableName, Item: { pk: 'a', due: 'soon' } }));
    await table.send(new DeleteCommand({ TableName, Key: { pk: 'a' } }));
    expect([lastWrite(), await due('soon')]).toEqual([['del index', 'del item'], []]);
  });

  it('when several items are written at once, and when nothing is there to delete', async () => {
    const put = (pk: string) => ({ PutRequest: { Item: { pk, due: 'batch' } } });
    const before = writes.length;
    await table.send(
      new BatchWriteCommand({ RequestItems: { [TableName]: ['x', 'y', 'z'].map(put) } }),
    );
    expect(writes.slice(before).map(({ length }) => length)).toEqual([2, 2, 2]);
    expect((await due('batch')).toSorted()).toEqual(['x', 'y', 'z']);
    await table.send(new DeleteCommand({ TableName, Key: { pk: 'nobody' } }));
    expect(lastWrite()).toEqual(['del item']);
  });
});
