import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type Bucket, CfnBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { DataBucket } from '../constructs/data-bucket.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { functionCatalogue } from '../function-catalogue.ts';
import type { StageConfig } from '../stages.ts';

export interface StateStackProps extends StackProps {
  readonly stage: StageConfig;
}

export interface SharedBucket {
  readonly name: string;
  readonly arn: string;
}

export interface SharedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly deadLettersName: string;
}

/** What the service stack knows of this one: names and ARNs, imported under fixed export names. */
export interface SharedState {
  readonly table: { readonly name: string; readonly arn: string };
  readonly landing: SharedBucket;
  readonly lake: SharedBucket;
  /** Bills, under object lock: whatever is put there stays. */
  readonly documents: SharedBucket;
  /** Usage exports, which expire: object lock has one default for a bucket, so they have another. */
  readonly exports: SharedBucket;
  readonly documentsKeyArn: string;
  readonly landingQueue: SharedQueue;
}

/** Everything that must survive a redeploy, or the loss of the service stack. Logical ids are pinned by a test. */
export class StateStack extends Stack {
  readonly shared: SharedState;

  constructor(scope: Construct, id: string, { stage, ...props }: StateStackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    const accessLogs = new DataBucket(this, 'AccessLogs', {
      accessLogs: null,
      lifecycleRules: [
        {
          id: 'expire',
          expiration: Duration.days(stage.retention.accessLogsDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
    });
    const { lifecycleRules } = rawDataRules(stage);
    const landing = new DataBucket(this, 'Landing', { accessLogs, lifecycleRules });
    const lake = new DataBucket(this, 'Lake', { accessLogs, lifecycleRules });
    const key = documentsKey(this);
    const documents = documentsBucket(this, stage, { accessLogs, key });
    const exports = exportsBucket(this, stage, accessLogs);
    const items = table(this);
    const landingQueue = new WorkQueue(this, 'LandingQueue', {
      consumerTimeoutSeconds: functionCatalogue(stage).ingest.timeoutSeconds,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    notifyOfObjects(landing, landingQueue);
    this.shared = {
      table: { name: this.exportValue(items.tableName), arn: this.exportValue(items.tableArn) },
      landing: this.#sharedBucket(landing),
      lake: this.#sharedBucket(lake),
      documents: this.#sharedBucket(documents),
      exports: this.#sharedBucket(exports),
      documentsKeyArn: this.exportValue(key.keyArn),
      landingQueue: {
        name: this.exportValue(landingQueue.queue.queueName),
        url: this.exportValue(landingQueue.queue.queueUrl),
        arn: this.exportValue(landingQueue.queue.queueArn),
        deadLettersName: this.exportValue(landingQueue.deadLetters.queueName),
      },
    };
  }

  #sharedBucket(bucket: Bucket): SharedBucket {
    return {
      name: this.exportValue(bucket.bucketName),
      arn: this.exportValue(bucket.bucketArn),
    };
  }
}

/** Raw objects and the lake are kept for good; only what was overwritten or deleted goes. */
function rawDataRules(stage: StageConfig) {
  return {
    lifecycleRules: [
      {
        id: 'expire-noncurrent',
        noncurrentVersionExpiration: Duration.days(stage.retention.noncurrentDays),
      },
      {
        id: 'move-to-cheaper-storage',
        transitions: [
          { storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) },
        ],
      },
    ],
  };
}

function documentsKey(scope: Construct): Key {
  return new Key(scope, 'DocumentsKey', {
    description: 'Encrypts the bills in the documents bucket',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function documentsBucket(
  scope: Construct,
  stage: StageConfig,
  { accessLogs, key }: { readonly accessLogs: Bucket; readonly key: Key },
): Bucket {
  return new DataBucket(scope, 'Documents', {
    accessLogs,
    key,
    objectLock: stage.objectLock,
    lifecycleRules: [],
  });
}

function exportsBucket(scope: Construct, stage: StageConfig, accessLogs: Bucket): Bucket {
  return new DataBucket(scope, 'Exports', {
    accessLogs,
    lifecycleRules: [
      {
        id: 'expire',
        expiration: Duration.days(stage.retention.exportsDays),
        noncurrentVersionExpiration: Duration.days(1),
      },
    ],
  });
}

/** Encrypted with DynamoDB's own key: access is by IAM alone, and a key of ours would add a cost to every read. */
function table(scope: Construct): Table {
  const created = new Table(scope, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: 35,
    },
    deletionProtection: true,
    timeToLiveAttribute: 'expiresAt',
    removalPolicy: RemovalPolicy.RETAIN,
  });
  created.addGlobalSecondaryIndex({
    indexName: 'gsi1',
    partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
    sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
  });
  return created;
}

/**
 * The native notification of the bucket: CDK's own helper for it is a custom resource with a Lambda.
 * The queue's policy names the account and not the bucket, which could not exist before the policy.
 */
function notifyOfObjects(bucket: Bucket, { queue }: WorkQueue): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'TakeEventsOfTheLandingBucket',
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(bucket).account } },
    }),
  );
  const cfnBucket = bucket.node.defaultChild;
  const policy = queue.node.findChild('Policy').node.defaultChild;
  if (!(cfnBucket instanceof CfnBucket)) throw new Error('a bucket has no CfnBucket');
  if (!(policy instanceof CfnQueuePolicy)) throw new Error('a queue has no CfnQueuePolicy');
  cfnBucket.notificationConfiguration = {
    queueConfigurations: [
      {
        event: 's3:ObjectCreated:*',
        queue: queue.queueArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: 'region=' }] } },
      },
    ],
  };
  // S3 checks that it may send when the notification is set.
  cfnBucket.addResourceDependency(policy);
}
