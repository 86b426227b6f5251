import type { SqsClient } from '../sqs/sqs-client.ts';
import type { BucketPlan } from '../template/plan.ts';
import type { S3Backend } from './backend.ts';
import { type CreationKind, matches, toS3Event } from './event.ts';
import { type Intent, IntentJournal } from './intent-journal.ts';

/** Raises the events that buckets declare, each at least once. */
export class S3Notifier {
  readonly #buckets: ReadonlyMap<string, BucketPlan>;
  readonly #journal: IntentJournal;
  readonly #backend: S3Backend;
  readonly #queues: SqsClient;
  readonly #region: string;
  #count = 0;

  constructor(options: {
    readonly buckets: readonly BucketPlan[];
    readonly journalFile: string;
    readonly backend: S3Backend;
    readonly queues: SqsClient;
    readonly region: string;
  }) {
    this.#buckets = new Map(options.buckets.map((bucket) => [bucket.name, bucket]));
    this.#journal = new IntentJournal(options.journalFile);
    this.#backend = options.backend;
    this.#queues = options.queues;
    this.#region = options.region;
  }

  /** To be called before the object is created; null when nobody wants its event. */
  intend(object: { bucket: string; key: string; kind: CreationKind }): Intent | null {
    return this.#wanted(object).length === 0 ? null : this.#journal.open(object);
  }

  /** The object was refused. */
  drop(intent: Intent): void {
    this.#journal.close(intent);
  }

  /** The object exists: its event goes to the queues, then the intent is closed. */
  async raise(intent: Intent): Promise<void> {
    const { bucket, key, kind } = intent;
    const head = await this.#backend.head(bucket, key);
    if (head !== null) {
      const at = new Date();
      this.#count = (this.#count + 1) % 0x10000;
      const sequencer = `${at.getTime().toString(16).padStart(14, '0')}${this.#count.toString(16).padStart(4, '0')}`;
      const event = toS3Event({ bucket, key, kind, ...head, at, sequencer }, this.#region);
      const body = JSON.stringify(event).toString();
      for (const { queueArn } of this.#wanted(intent)) await this.#queues.send(queueArn, body);
    }
    this.#journal.close(intent);
  }

  /** Events that a kill kept from their queues: of every object that exists, once more. */
  async recover(): Promise<number> {
    const { pending } = this.#journal;
    for (const intent of pending) await this.raise(intent);
    return pending.length;
  }

  end(): void {
    this.#journal.end();
  }

  #wanted(object: { readonly bucket: string; readonly key: string; readonly kind: CreationKind }) {
    const notifications = this.#buckets.get(object.bucket)?.notifications ?? [];
    return notifications.filter((notification) => matches(notification, object));
  }
}
