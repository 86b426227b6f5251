import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

/** The one table: `pk`, `sk`, the sparse index `gsi1`. Its items stand in docs/architecture.md. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** An item as the SDK gives it: nobody has looked at it. */
export type Item = Record<string, unknown>;

/** The key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** A condition on the item that is written. */
export interface Condition {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

/**
 * A client for the table: it gives up an attempt after seconds, not after the minutes of a socket's
 * default, and tries again; every write here stands a repetition. Region, credentials and endpoint
 * come from the environment as for any AWS client.
 */
export function documentClient(): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: 6,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  });
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** Strongly consistent. */
export async function getItem(table: Table, key: ItemKey): Promise<Item | null> {
  const answer = await table.client.send(
    new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
  );
  return answer.Item ?? null;
}

/** Puts the item, whatever was there. */
export async function putItem(table: Table, item: Item & ItemKey): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
}

/** False when the condition does not hold. */
export async function putItemIf(
  table: Table,
  item: Item & ItemKey,
  condition: Condition,
): Promise<boolean> {
  return holds(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: condition.expression,
        ...(condition.names ? { ExpressionAttributeNames: condition.names } : {}),
        ...(condition.values ? { ExpressionAttributeValues: condition.values } : {}),
      }),
    ),
  );
}

/** Whether a conditional write was done; every other failure is thrown on. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

type Query = Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>;

/** All items of the query, page after page; strongly consistent unless it names an index. */
export async function* queryItems(table: Table, query: Query): AsyncGenerator<Item> {
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: query.IndexName === undefined,
        ...query,
        ExclusiveStartKey: start,
      }),
    );
    yield* page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** Items of the partition whose sort key starts with the prefix, in its order. */
export function queryPrefix(table: Table, pk: string, prefix: string): AsyncGenerator<Item> {
  return queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
  });
}

/** Items of the partition whose sort key lies from `from` to `to`, both inclusive, in its order. */
export function queryBetween(
  table: Table,
  pk: string,
  { from, to }: { readonly from: string; readonly to: string },
): AsyncGenerator<Item> {
  if (from > to) return queryNothing();
  return queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
  });
}

/** DynamoDB refuses a range that ends before it starts; here it is an empty one. */
async function* queryNothing(): AsyncGenerator<Item> {}

/** False when the condition does not hold. */
export async function updateItemIf(
  table: Table,
  key: ItemKey,
  { update, condition, values }: UpdateIf,
): Promise<boolean> {
  return holds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: key,
        UpdateExpression: update,
        ConditionExpression: condition,
        ExpressionAttributeValues: values,
      }),
    ),
  );
}

export interface UpdateIf {
  readonly update: string;
  readonly condition: string;
  readonly values: Record<string, unknown>;
}

/** Full jitter: up to 25 ms after the first attempt, doubling to 3.2 s at most. */
export async function backOff(attempt: number): Promise<void> {
  await setTimeout(Math.random() * Math.min(3_200, 25 * 2 ** (attempt - 1)));
}
