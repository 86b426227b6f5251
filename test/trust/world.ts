import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startFauxqs } from 'fauxqs';
import { ingestHandler } from '../../functions/ingest/ingest.ts';
import { literal, withDatabase } from '../../lib/adapters/duckdb/database.ts';
import { duckdbMeteringEngine } from '../../lib/adapters/duckdb/day-usage.ts';
import { duckdbSampleParts } from '../../lib/adapters/duckdb/sample-parts.ts';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbImportedDemand } from '../../lib/adapters/dynamodb/imported-demand.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRatedDays } from '../../lib/adapters/dynamodb/rated-days.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbRetractions } from '../../lib/adapters/dynamodb/retractions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { dynamodbUsageTotals } from '../../lib/adapters/dynamodb/usage-totals.ts';
import { nodeByteWork } from '../../lib/adapters/node/byte-work.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { sqsClient, sqsMessages } from '../../lib/adapters/sqs/messages.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { IngestPorts } from '../../lib/ingest/ingest-ports.ts';
import { DEFAULT_LIMITS } from '../../lib/ingest/limits.ts';
import { type MeteringPorts, meterPartition } from '../../lib/metering/meter-partition.ts';
import { ratedHistory } from '../../lib/rated-history/rated-history.ts';
import {
  capacityWithRecords,
  demandWithRecords,
  ledgerWithRecords,
} from '../../lib/rebuild/keep-records.ts';
import { createTable, useLocalCredentials } from '../contract/embedded.ts';

export const WEST = parseRegion('west');
export const LEASE_SECONDS = 20;
const START = Date.parse('2026-11-21T12:00:00Z');

/** The embedded DynamoDB, S3 and SQS; each world in them has a table and buckets of its own. */
export async function trustServers() {
  useLocalCredentials();
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const tables = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => tables.listen(0, '127.0.0.1', resolve));
  const objects = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  const { port } = tables.address() as AddressInfo;
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${port}`;
  process.env['AWS_ENDPOINT_URL_S3'] = `http://127.0.0.1:${objects.port}`;
  process.env['AWS_ENDPOINT_URL_SQS'] = `http://127.0.0.1:${objects.port}`;
  const admin = new DynamoDBClient({});
  const folder = mkdtempSync(join(tmpdir(), 'headroom-trust-'));
  let worlds = 0;
  return {
    async world() {
      worlds += 1;
      const name = `world-${worlds}`;
      await createTable(admin, name);
      for (const bucket of ['landing', 'lake']) objects.createBucket(`${name}-${bucket}`);
      objects.createQueue(`${name}-wakeup`);
      const queueUrl = `http://127.0.0.1:${objects.port}/000000000000/${name}-wakeup`;
      return trustWorld(name, { folder, queueUrl });
    },
    async stop() {
      admin.destroy();
      await objects.stop();
      await new Promise<void>((resolve) => {
        tables.close(() => resolve());
        tables.closeAllConnections();
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type TrustServers = Awaited<ReturnType<typeof trustServers>>;
export type TrustWorld = ReturnType<typeof trustWorld>;

export interface Call {
  readonly service: string;
  /** `PutCommand`, `GetObjectCommand`. */
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** With another input where one is given. */
  readonly send: (input?: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** What stands between the adapters and the servers: called around every `send` of every SDK client. */
export type Around = (call: Call) => unknown;

/** One deployment: the ingest and metering functions on real adapters, and a clock that a test moves. */
function trustWorld(name: string, at: { readonly folder: string; readonly queueUrl: string }) {
  const clock = { ms: START };
  const hooks: { around: Around } = { around: ({ send }) => send() };
  const clients = {
    dynamodb: documentClient(),
    s3: s3Client(),
    sqs: sqsClient(),
  };
  for (const [service, client] of Object.entries(clients)) watch(service, client, hooks);
  const table = { client: clients.dynamodb, name };
  const now = () => new Date(clock.ms);
  const retractions = dynamodbRetractions(table);
  const lake = s3ObjectStore({ client: clients.s3, name: `${name}-lake` });
  const shared = {
    lake,
    lakeIndex: dynamodbLakeIndex(table),
    partitions: dynamodbPartitions(table),
    now,
  };
  const plain = {
    ledger: dynamodbLedger(table),
    capacity: dynamodbCapacityStore(table),
    importedDemand: dynamodbImportedDemand(table),
  };
  const configuration = dynamodbConfigStore(table);
  const ingestPorts: IngestPorts = {
    ...shared,
    landing: s3ObjectStore({ client: clients.s3, name: `${name}-landing` }),
    ledger: ledgerWithRecords(plain.ledger, lake),
    messages: sqsMessages(clients.sqs, { queues: { wakeup: at.queueUrl } }),
    regions: dynamodbRegions(table),
    config: configuration,
    capacity: capacityWithRecords(plain.capacity, lake),
    importedDemand: demandWithRecords(plain.importedDemand, lake),
    ratedHistory: ratedHistory({ lake, days: dynamodbRatedDays(table), retractions }),
    sampleParts: duckdbSampleParts({ directory: at.folder, memoryLimitMib: 128 }),
    bytes: nodeByteWork(),
    limits: DEFAULT_LIMITS,
    telemetrySecret: async () => null,
    delays: { wakeupSeconds: 0, neighbourSeconds: 0 },
  };
  const meteringPorts: MeteringPorts = {
    ...shared,
    configuration,
    totals: dynamodbUsageTotals(table),
    engine: duckdbMeteringEngine({ memoryLimitMib: 128, threads: 1 }),
    scratch: scratchFolder(),
    retractions,
    every: () => () => undefined,
    leaseSeconds: LEASE_SECONDS,
  };
  return {
    name,
    table,
    clock,
    hooks,
    clients,
    ingestPorts,
    meteringPorts,
    configuration,
    /** Without the records that rebuild reads. */
    plain,
    folder: at.folder,
    async land(files: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
      const keys = Object.keys(files).map((file) => `region=west/2026-11-21/${file}`);
      for (const [index, body] of Object.values(files).entries()) {
        await ingestPorts.landing.put(keys[index] ?? '', Buffer.from(body));
      }
      return keys;
    },
    /** One call of the ingest function with an event a key. @returns keys whose message comes again */
    async deliver(keys: readonly string[], ports: IngestPorts = ingestPorts): Promise<string[]> {
      const handler = ingestHandler({ ports, logError: () => undefined });
      const Records = keys.map((key, index) => ({
        messageId: String(index),
        body: JSON.stringify(objectCreated(key)),
      }));
      const { batchItemFailures } = await handler({ Records } as never);
      return batchItemFailures.map(({ itemIdentifier }) => keys[Number(itemIdentifier)] ?? '');
    },
    /** Meters until nothing is due, as the state machine does. */
    async meterAll(): Promise<void> {
      for (;;) {
        const due = await shared.partitions.listDue({ now: now(), limit: 200 });
        if (due.length === 0) return;
        for (const key of due) await meterPartition(meteringPorts, key);
      }
    },
    usage: () => usageOf(shared.lake, at.folder),
    /** What the world says in the end, whatever happened on the way: counts by object, lake and usage. */
    outcome: (keys: readonly string[]) => outcomeOf({ ingestPorts, folder: at.folder }, keys),
  };
}

/** Every `send` of the client goes through the hook; uploads in parts use the same method. */
function watch(service: string, client: object, hooks: { around: Around }): void {
  const sender = client as { send: (...args: unknown[]) => Promise<unknown> };
  const send = sender.send.bind(client);
  sender.send = async (...args) => {
    const [command, ...rest] = args as [{ input: Record<string, unknown> }, ...unknown[]];
    const Command = command.constructor as new (input: unknown) => unknown;
    return await hooks.around({
      service,
      command: Command.name,
      input: command.input,
      send: (input) => send(input === undefined ? command : new Command(input), ...rest),
    });
  };
}

function objectCreated(key: string) {
  return {
    Records: [
      {
        eventName: 'ObjectCreated:Put',
        eventTime: new Date(START).toISOString(),
        s3: { object: { key: encodeURIComponent(key), size: 1 } },
      },
    ],
  };
}

export interface Outcome {
  readonly ledger: readonly object[];
  readonly running: number;
  readonly parts: readonly string[];
  /** SHA-256 of the usage rows without the generation they were made at. */
  readonly usage: string;
  readonly usageRows: number;
  readonly unmetered: number;
}

async function outcomeOf(
  world: { readonly ingestPorts: IngestPorts; readonly folder: string },
  keys: readonly string[],
): Promise<Outcome> {
  const { ledger, lakeIndex, lake, partitions } = world.ingestPorts;
  const entries = await Promise.all(
    keys.map(async (key) => {
      const found = await ledger.findByKey(WEST, key);
      if (found === null) throw new Error(`the ledger knows nothing of ${key}`);
      const { id, state, counts, reasons, problem, format } = found;
      return { id, key, state, counts, reasons, problem, format };
    }),
  );
  const states = await partitions.list(WEST, '2010-01-01', '2030-01-01');
  const dates = [...new Set(states.map(({ date }) => date))];
  const parts = (await Promise.all(dates.map((date) => lakeIndex.list(WEST, date)))).flat();
  const rows = await usageOf(lake, world.folder);
  return {
    ledger: entries,
    running: await ledger.countRunning(WEST),
    parts: parts.map(({ key }) => key).toSorted(),
    usage: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
    usageRows: rows.length,
    unmetered: states.filter(({ generation, metered }) => metered < generation).length,
  };
}

/** All usage rows of the lake, in order: region, project, resource, measure, class, hour, quantity. */
async function usageOf(lake: IngestPorts['lake'], folder: string): Promise<string[][]> {
  const directory = mkdtempSync(join(folder, 'usage-'));
  const files: string[] = [];
  for await (const { key } of lake.list('usage/')) {
    const path = join(directory, `${files.length}.parquet`);
    await writeFile(path, (await lake.get(key)) ?? new Uint8Array());
    files.push(path);
  }
  if (files.length === 0) return [];
  return await withDatabase({ memoryLimitMib: 128, threads: 1, directory }, async (connection) => {
    const result = await connection.runAndReadAll(
      `SELECT region, project, resource, measure, class, hour::VARCHAR, quantity::VARCHAR
       FROM read_parquet([${files.map(literal).join(', ')}], hive_partitioning = false) ORDER BY ALL`,
    );
    return result.getRows() as string[][];
  });
}
