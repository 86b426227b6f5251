import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface WorkQueueProps {
  /** Of the function that takes the messages. */
  readonly consumerTimeoutSeconds: number;
  readonly removalPolicy: RemovalPolicy;
}

/** Receives before a message is set aside: below five, a few throttled polls would set aside good work. */
const MAX_RECEIVE_COUNT = 5;
const RETENTION = Duration.days(14);

/** A queue with its dead-letter queue, both encrypted and over TLS only. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      removalPolicy: props.removalPolicy,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', common);
    acknowledge(
      this.deadLetters,
      'Serverless-SQSRedrivePolicy',
      'It is the dead-letter queue itself: nothing consumes it, so nothing can be redriven from it.',
    );
    this.queue = new Queue(this, 'Queue', {
      ...common,
      // Six times the timeout, as Lambda asks: a batch may be retried while the function is throttled.
      visibilityTimeout: Duration.seconds(6 * props.consumerTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
