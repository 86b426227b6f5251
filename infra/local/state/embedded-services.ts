import { join } from 'node:path';
import { Service } from '../process/service.ts';
import { ACCOUNT_ID } from '../template/identity.ts';
import type { Plan } from '../template/plan.ts';
import { ensureTables } from './tables.ts';

/** dynalite and fauxqs, each in a process of its own. */
export interface EmbeddedServices {
  readonly dynamodbUrl: string;
  readonly storageUrl: string;
  readonly storageDirectory: string;
  /** Makes the tables, buckets and queues that are missing. */
  prepare(plan: Plan): Promise<void>;
  stop(): Promise<void>;
}

export async function startEmbeddedServices(options: {
  readonly dataDirectory: string;
  readonly region: string;
  readonly instance: string;
  readonly onCrash: (reason: string, restarted: boolean) => void;
}): Promise<EmbeddedServices> {
  const { dataDirectory, region, instance, onCrash } = options;
  const storageDirectory = join(dataDirectory, 'storage');
  const start = (name: string, script: string, settings: Record<string, unknown>) =>
    Service.start({
      instance,
      script: new URL(script, import.meta.url),
      settings,
      environment: { AWS_REGION: region, AWS_ACCOUNT_ID: ACCOUNT_ID },
      onCrash: (reason, restarted) => onCrash(`${name} ${reason}`, restarted),
    });
  const [dynamodb, storage] = await Promise.all([
    start('dynalite', './dynamodb-server.ts', { path: join(dataDirectory, 'dynamodb') }),
    start('fauxqs', './storage-server.ts', { path: storageDirectory, region }),
  ]);
  const dynamodbUrl = `http://127.0.0.1:${dynamodb.port}`;
  return {
    dynamodbUrl,
    storageDirectory,
    storageUrl: `http://127.0.0.1:${storage.port}`,
    async prepare({ tables, buckets, queues }) {
      await Promise.all([
        dynamodb.prepare(tables.map(({ name }) => name)),
        storage.prepare({ buckets: buckets.map(({ name }) => name), queues }),
      ]);
      await ensureTables(dynamodbUrl, tables);
    },
    async stop() {
      await Promise.all([dynamodb.stop(), storage.stop()]);
    },
  };
}
