import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startFauxqs } from 'fauxqs';
import { documentClient, type Table } from '../../lib/adapters/dynamodb/table.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import type { Bucket } from '../../lib/adapters/s3/object-store.ts';

/** The embedded servers that the app runs on one machine, in this process, each on a free port. */

/** What any AWS client reads; the keys open nothing. */
export function useLocalCredentials(): void {
  process.env['AWS_REGION'] = 'eu-central-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
}

export async function embeddedTable(): Promise<{ table: Table; stop: () => Promise<void> }> {
  useLocalCredentials();
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${port}`;
  const admin = new DynamoDBClient({});
  await createTable(admin, 'headroom');
  admin.destroy();
  const client = documentClient();
  return {
    table: { client, name: 'headroom' },
    async stop() {
      client.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** As the app declares it. */
export async function createTable(admin: DynamoDBClient, name: string): Promise<void> {
  await admin.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          KeySchema: [
            { AttributeName: 'gsi1pk', KeyType: 'HASH' },
            { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
}

export async function embeddedBucket(): Promise<{ bucket: Bucket; stop: () => Promise<void> }> {
  useLocalCredentials();
  const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  process.env['AWS_ENDPOINT_URL_S3'] = `http://127.0.0.1:${server.port}`;
  server.createBucket('lake');
  const client = s3Client();
  return {
    bucket: { client, name: 'lake' },
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}
