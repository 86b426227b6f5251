import type { BucketPlan, NotificationPlan, QueuePlan, TablePlan } from './plan.ts';
import { refuse } from './problem.ts';
import type { Declared, DeclaredByType } from './read-plan.ts';
import {
  bucketNotificationsProperties,
  bucketProperties,
  busProperties,
  queueProperties,
  tableProperties,
} from './schemas.ts';

/** Tables, buckets (with their notifications), queues and event buses. */
export function readState(byType: DeclaredByType): {
  readonly tables: readonly TablePlan[];
  readonly buckets: readonly BucketPlan[];
  readonly queues: readonly QueuePlan[];
  readonly buses: readonly string[];
} {
  return {
    tables: byType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(toTable),
    buckets: readBuckets(byType),
    queues: byType('AWS::SQS::Queue').map(toQueue),
    buses: byType('AWS::Events::EventBus').map((declared) => {
      declared.read(busProperties);
      return declared.name;
    }),
  };
}

function toTable(declared: Declared): TablePlan {
  const properties = declared.read(tableProperties);
  const provisioned = properties.BillingMode !== 'PAY_PER_REQUEST';
  const throughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
  return {
    logicalId: declared.logicalId,
    name: declared.name,
    definition: {
      ...properties,
      TableName: declared.name,
      BillingMode: properties.BillingMode ?? 'PROVISIONED',
      ...(provisioned && { ProvisionedThroughput: properties.ProvisionedThroughput ?? throughput }),
    },
  };
}

function readBuckets(byType: DeclaredByType): BucketPlan[] {
  const buckets = byType('AWS::S3::Bucket').map((declared) => {
    const { NotificationConfiguration } = declared.read(bucketProperties);
    const notifications = (NotificationConfiguration?.QueueConfigurations ?? []).map((given) =>
      toNotification(declared, {
        events: [given.Event],
        queueArn: given.Queue,
        rules: given.Filter?.S3Key.Rules ?? [],
      }),
    );
    return { logicalId: declared.logicalId, name: declared.name, notifications };
  });
  for (const declared of byType('Custom::S3BucketNotifications')) {
    const { BucketName, NotificationConfiguration } = declared.read(bucketNotificationsProperties);
    const bucket = buckets.find(({ name }) => name === BucketName);
    if (bucket === undefined) refuse(declared, 'BucketName', `there is no bucket ${BucketName}`);
    for (const given of NotificationConfiguration.QueueConfigurations) {
      const rules = given.Filter?.Key.FilterRules ?? [];
      bucket.notifications.push(
        toNotification(declared, { events: given.Events, queueArn: given.QueueArn, rules }),
      );
    }
  }
  return buckets;
}

function toNotification(
  declared: Declared,
  given: {
    readonly events: readonly string[];
    readonly queueArn: string;
    readonly rules: readonly { readonly Name: string; readonly Value: string }[];
  },
): NotificationPlan {
  for (const event of given.events) {
    if (!/^s3:ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload)$/.test(event)) {
      refuse(declared, 'NotificationConfiguration', `the event ${event} is not raised here`);
    }
  }
  const rule = (name: string) =>
    given.rules.find(({ Name }) => Name.toLowerCase() === name)?.Value ?? '';
  return {
    events: given.events,
    queueArn: given.queueArn,
    prefix: rule('prefix'),
    suffix: rule('suffix'),
  };
}

function toQueue(declared: Declared): QueuePlan {
  const { QueueName: _name, RedrivePolicy, ...numbers } = declared.read(queueProperties);
  const attributes = Object.fromEntries(
    Object.entries(numbers)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, String(value)]),
  );
  if (RedrivePolicy !== undefined) attributes['RedrivePolicy'] = JSON.stringify(RedrivePolicy);
  return {
    logicalId: declared.logicalId,
    name: declared.name,
    arn: declared.arn,
    url: declared.ref,
    attributes,
  };
}
