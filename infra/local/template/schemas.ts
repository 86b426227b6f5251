import * as z from 'zod';

/** Properties that are read, by resource type. CloudFormation takes numbers and booleans as text too. */
const number = z.coerce.number();
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const keySchema = z.array(
  z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }),
);
const throughput = z.strictObject({ ReadCapacityUnits: number, WriteCapacityUnits: number });
const index = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.strictObject({
    ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
  ProvisionedThroughput: throughput.optional(),
  ContributorInsightsSpecification: z.unknown().optional(),
});

export const tableProperties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).optional(),
  ProvisionedThroughput: throughput.optional(),
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
});

const filter = z.strictObject({
  Key: z.strictObject({
    FilterRules: z.array(z.strictObject({ Name: z.string(), Value: z.string() })),
  }),
});

/** Rules are read by themselves; the bus has a name and nothing else that counts here. */
export const busProperties = z.strictObject({ Name: z.string() });

export const bucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  NotificationConfiguration: z
    .strictObject({
      QueueConfigurations: z.array(
        z.strictObject({
          Event: z.string(),
          Queue: z.string(),
          Filter: z
            .strictObject({
              S3Key: z.strictObject({
                Rules: z.array(z.strictObject({ Name: z.string(), Value: z.string() })),
              }),
            })
            .optional(),
        }),
      ),
    })
    .optional(),
});

/** CDK's custom resource that sets a bucket's notifications after queue and policy exist. */
export const bucketNotificationsProperties = z.strictObject({
  BucketName: z.string(),
  Managed: flag.optional(),
  NotificationConfiguration: z.strictObject({
    QueueConfigurations: z.array(
      z.strictObject({
        Events: z.array(z.string()),
        QueueArn: z.string(),
        Filter: filter.optional(),
      }),
    ),
  }),
});

export const queueProperties = z.strictObject({
  QueueName: z.string().optional(),
  DelaySeconds: number.optional(),
  VisibilityTimeout: number.optional(),
  MessageRetentionPeriod: number.optional(),
  MaximumMessageSize: number.optional(),
  ReceiveMessageWaitTimeSeconds: number.optional(),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: number })
    .optional(),
});

export const functionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  PackageType: z.literal('Zip').optional(),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Handler: z.string(),
  MemorySize: number.default(128),
  Timeout: number.default(3),
  ReservedConcurrentExecutions: number.optional(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()) }).optional(),
});

export const eventSourceProperties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: number.default(10),
  Enabled: flag.default(true),
  MaximumBatchingWindowInSeconds: number.default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: number }).optional(),
});

export const eventInvokeProperties = z.strictObject({
  FunctionName: z.string(),
  MaximumRetryAttempts: number.optional(),
});

export const apiProperties = z.strictObject({
  Name: z.string().optional(),
  ProtocolType: z.literal('HTTP'),
});

export const stageProperties = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal('$default'),
});

export const integrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  IntegrationMethod: z.string().optional(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: number.default(30_000),
});

export const routeProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
});

export const ruleProperties = z.strictObject({
  Name: z.string().optional(),
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(
      z.strictObject({
        Id: z.string(),
        Arn: z.string(),
        Input: z.string().optional(),
        RoleArn: z.string().optional(),
        RetryPolicy: z.unknown().optional(),
        DeadLetterConfig: z.unknown().optional(),
      }),
    )
    .default([]),
});

export const scheduleProperties = z.strictObject({
  Name: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: z.strictObject({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: number.optional(),
  }),
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().optional(),
    RetryPolicy: z.unknown().optional(),
    DeadLetterConfig: z.unknown().optional(),
  }),
});

export const machineProperties = z.strictObject({
  StateMachineName: z.string().optional(),
  StateMachineType: z.literal('STANDARD').default('STANDARD'),
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
});
