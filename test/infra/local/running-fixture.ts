import { rm } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type LocalEvent, type RunningApp, startLocal } from '../../../infra/local/start.ts';
import type { Endpoints } from '../../../infra/local/template/identity.ts';
import { buildFixture, removeFixture, temporaryData } from './fixture.ts';

export interface Clients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly states: SFNClient;
  readonly table: DynamoDBDocumentClient;
}

export function clientsOf(endpoints: Endpoints): Clients {
  const common = {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  return {
    s3: new S3Client({ ...common, endpoint: endpoints.s3 }),
    sqs: new SQSClient({ ...common, endpoint: endpoints.sqs }),
    states: new SFNClient({ ...common, endpoint: endpoints.states }),
    table: DynamoDBDocumentClient.from(
      new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb }),
    ),
  };
}

export interface RunningFixture {
  readonly app: RunningApp;
  readonly clients: Clients;
  readonly events: LocalEvent[];
  readonly dataDir: string;
  readonly bucket: string;
  item(pk: string): Promise<Record<string, unknown> | null>;
  end(): Promise<void>;
}

export async function runFixture(): Promise<RunningFixture> {
  const assembly = await buildFixture();
  const dataDir = await temporaryData();
  const events: LocalEvent[] = [];
  const app = await startLocal({ assembly, dataDir, onEvent: (event) => events.push(event) });
  const clients = clientsOf(app.endpoints);
  return {
    app,
    clients,
    events,
    dataDir,
    bucket: app.resources.buckets['Landing'] ?? '',
    item: (pk) => readItem(clients, app.resources.tables['Items'] ?? '', pk),
    async end() {
      await app.stop();
      await rm(dataDir, { recursive: true, force: true });
      await removeFixture(assembly);
    },
  };
}

export async function readItem(
  { table }: Clients,
  TableName: string,
  pk: string,
): Promise<Record<string, unknown> | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }),
  );
  return Item ?? null;
}

/** Asks until there is an answer. */
export async function eventually<T>(
  ask: () => Promise<T | null | undefined | false>,
  seconds = 60,
): Promise<T> {
  const until = Date.now() + seconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > until) throw new Error(`nothing came within ${seconds} s: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
