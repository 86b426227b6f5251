import * as z from 'zod';
import { callService } from '../aws-json.ts';
import type { QueuePlan } from '../template/plan.ts';

const attributeSchema = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});

const messageSchema = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string(),
  Attributes: z.record(z.string(), z.string()).default({}),
  MessageAttributes: z.record(z.string(), attributeSchema).default({}),
});

export type QueueMessage = z.infer<typeof messageSchema>;

const receivedSchema = z.object({ Messages: z.array(messageSchema).default([]) });

/** SQS's largest batch. */
const BATCH = 10;

/** The embedded SQS, by the ARNs of declared queues. */
export class SqsClient {
  readonly #endpoint: string;
  readonly #urls: ReadonlyMap<string, string>;

  constructor(endpoint: string, queues: readonly QueuePlan[]) {
    this.#endpoint = endpoint;
    this.#urls = new Map(queues.map(({ arn, url }) => [arn, url]));
  }

  async send(queueArn: string, body: string): Promise<void> {
    await this.#call('SendMessage', { QueueUrl: this.#url(queueArn), MessageBody: body });
  }

  /** Waits up to `waitSeconds` (at most 20) for the first message. */
  async receive(
    queueArn: string,
    options: { readonly limit: number; readonly waitSeconds: number; readonly signal: AbortSignal },
  ): Promise<readonly QueueMessage[]> {
    const answer = await this.#call(
      'ReceiveMessage',
      {
        QueueUrl: this.#url(queueArn),
        MaxNumberOfMessages: Math.min(options.limit, BATCH),
        WaitTimeSeconds: options.waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      options.signal,
    );
    return receivedSchema.parse(answer).Messages;
  }

  async delete(queueArn: string, messages: readonly QueueMessage[]): Promise<void> {
    for (let from = 0; from < messages.length; from += BATCH) {
      await this.#call('DeleteMessageBatch', {
        QueueUrl: this.#url(queueArn),
        Entries: messages.slice(from, from + BATCH).map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle,
        })),
      });
    }
  }

  #call(action: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    const target = `AmazonSQS.${action}`;
    return callService({ endpoint: this.#endpoint, target, body, ...(signal && { signal }) });
  }

  #url(queueArn: string): string {
    const url = this.#urls.get(queueArn);
    if (url === undefined) throw new Error(`no queue of the assembly has the ARN ${queueArn}`);
    return url;
  }
}
