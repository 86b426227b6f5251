import * as z from 'zod';
import { type EmbeddedServer, serve } from '../process/serve.ts';
import { type FauxqsParts, loadFauxqs, type Persistence } from './fauxqs-parts.ts';
import { EMPTY, withObjectFiles } from './object-files.ts';
import { createObjectStore } from './object-store.ts';

const settingsSchema = z.object({ path: z.string(), region: z.string(), port: z.number() });

const declaredSchema = z.object({
  buckets: z.array(z.string()),
  queues: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      arn: z.string(),
      attributes: z.record(z.string(), z.string()),
    }),
  ),
});

/** How late a delayed or returned message may become visible. fauxqs looks every 20 ms, which idles at 2 % of a core. */
const POLL_MS = 200;

/** fauxqs: S3 and SQS on one port, state in SQLite and files. */
serve(async (settings): Promise<EmbeddedServer> => {
  const { path, region, port } = settingsSchema.parse(settings);
  const parts = await loadFauxqs();
  pollSlowly(parts);
  const persistence = withObjectFiles(parts.PersistenceManager, path);
  persistence.db.exec('PRAGMA synchronous = NORMAL');
  returnMessages(persistence);
  const queues = new parts.SqsStore();
  const topics = new parts.SnsStore();
  const objects = createObjectStore(parts, persistence);
  persistence.load(queues, topics, objects);
  objects.persistence = persistence;
  queues.persistence = persistence;
  for (const queue of queues.allQueues()) queue.persistence = persistence;

  const app = parts.buildApp({
    logger: false,
    defaultRegion: region,
    stores: { sqsStore: queues, snsStore: topics, s3Store: objects },
  });
  // Without a body, as curl sends an empty file, there is nothing to parse: fauxqs would fail.
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.method === 'PUT') request.body ??= EMPTY;
    done();
  });
  const address = await app.listen({ port, host: '127.0.0.1' });
  return {
    port: Number(new URL(address).port),
    async prepare(declared) {
      const { buckets, queues: wanted } = declaredSchema.parse(declared);
      for (const bucket of buckets) objects.createBucket(bucket);
      for (const { name, url, arn, attributes } of wanted) {
        const existing = queues.getQueueByArn(arn);
        if (existing === undefined) queues.createQueue(name, url, arn, attributes);
        else existing.setAttributes(attributes);
      }
    },
    async stop() {
      await app.close();
      persistence.close();
    },
  };
});

/**
 * Whoever held a message when this server ended is gone: it is visible again, and that receive does
 * not count, so that restarts alone never drive a message into the dead-letter queue.
 */
function returnMessages(persistence: Persistence): void {
  persistence.db.exec(
    `UPDATE sqs_messages
     SET receipt_handle = NULL, visibility_deadline = NULL,
         approximate_receive_count = MAX(0, approximate_receive_count - 1)
     WHERE receipt_handle IS NOT NULL`,
  );
}

function pollSlowly({ SqsQueue }: FauxqsParts): void {
  SqsQueue.prototype.startPollTimerIfNeeded = function startPollTimerIfNeeded() {
    this.pollTimer ??= setInterval(() => this.processTimers(), POLL_MS);
  };
}
