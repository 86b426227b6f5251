import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { FunctionPool } from '../invocation/pool.ts';
import type { InvokeResult } from '../invocation/protocol.ts';
import type { EventSourcePlan } from '../template/plan.ts';
import type { QueueMessage, SqsClient } from './sqs-client.ts';
import { toSqsEvent } from './sqs-event.ts';

const LONGEST_WAIT_SECONDS = 20;
/** Of an event to a function; Lambda closes a batch before it grows beyond. */
const PAYLOAD_BYTES = 6 * 1024 * 1024;

const partialSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
});

/** Carries messages from a queue to a function, as Lambda's event source mapping does. */
export class EventSource {
  readonly #plan: EventSourcePlan;
  readonly #queues: SqsClient;
  readonly #pool: FunctionPool;
  readonly #region: string;
  readonly #limit: number;
  readonly #running = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  readonly #loop: Promise<void>;

  constructor(options: {
    readonly plan: EventSourcePlan;
    readonly queues: SqsClient;
    readonly pool: FunctionPool;
    readonly region: string;
  }) {
    this.#plan = options.plan;
    this.#queues = options.queues;
    this.#pool = options.pool;
    this.#region = options.region;
    this.#limit = Math.min(
      options.plan.maximumConcurrency ?? options.pool.limit,
      options.pool.limit,
    );
    this.#loop = this.#run();
  }

  /** Takes no more messages. Batches that run are left to their function's own end. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  /** Resolves when the messages of the last batch are dealt with. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        if (this.#running.size >= this.#limit) await Promise.race(this.#running);
        const batch = await this.#gather(signal);
        if (batch.length === 0) continue;
        const running: Promise<void> = this.#deliver(batch)
          .catch(() => {}) // The messages come again after their visibility timeout.
          .finally(() => this.#running.delete(running));
        this.#running.add(running);
      } catch {
        // The queue cannot be reached for a moment, or this source stops.
        if (!signal.aborted) await sleep(500);
      }
    }
  }

  /** A full batch, or what came within the window that the first message opened. */
  async #gather(signal: AbortSignal): Promise<QueueMessage[]> {
    const { queueArn, batchSize, windowSeconds } = this.#plan;
    const batch: QueueMessage[] = [];
    let bytes = 0;
    let closesAt = Number.POSITIVE_INFINITY;
    while (batch.length < batchSize && bytes < PAYLOAD_BYTES / 2) {
      const leftMs = closesAt - Date.now();
      if (leftMs <= 0) break;
      const waitSeconds =
        batch.length === 0 ? LONGEST_WAIT_SECONDS : Math.min(1, Math.ceil(leftMs / 1_000));
      const limit = batchSize - batch.length;
      const messages = await this.#queues.receive(queueArn, { limit, waitSeconds, signal });
      if (messages.length === 0 && batch.length === 0) break;
      if (batch.length === 0) closesAt = Date.now() + windowSeconds * 1_000;
      batch.push(...messages);
      bytes += messages.reduce((sum, { Body }) => sum + Buffer.byteLength(Body), 0);
    }
    return batch;
  }

  async #deliver(batch: readonly QueueMessage[]): Promise<void> {
    const { queueArn } = this.#plan;
    const event = toSqsEvent(batch, queueArn, this.#region);
    const result = await this.#pool.invoke(JSON.stringify(event));
    const failed = this.#failures(result, batch);
    await this.#queues.delete(
      queueArn,
      batch.filter(({ MessageId }) => !failed.has(MessageId)),
    );
  }

  /** Ids of messages that stay in the queue. An answer that makes no sense fails the whole batch. */
  #failures(result: InvokeResult, batch: readonly QueueMessage[]): ReadonlySet<string> {
    const all = new Set(batch.map(({ MessageId }) => MessageId));
    if (!result.ok) return all;
    if (!this.#plan.partialFailures) return new Set();
    const answer = partialSchema.nullable().safeParse(JSON.parse(result.payload));
    if (!answer.success) return all;
    const failed = (answer.data?.batchItemFailures ?? []).map((item) => item.itemIdentifier);
    return failed.every((id) => all.has(id)) ? new Set(failed) : all;
  }
}
