/** What the templates declare, in this runner's words. Names are physical names on this machine. */
export interface Plan {
  readonly tables: readonly TablePlan[];
  readonly buckets: readonly BucketPlan[];
  readonly queues: readonly QueuePlan[];
  /** Names of event buses. */
  readonly buses: readonly string[];
  readonly functions: readonly FunctionPlan[];
  readonly eventSources: readonly EventSourcePlan[];
  readonly routes: readonly RoutePlan[];
  readonly schedules: readonly SchedulePlan[];
  readonly machines: readonly MachinePlan[];
  /** Resources that are left out, with the reason from the allow-list. */
  readonly ignored: readonly { readonly id: string; readonly type: string; readonly why: string }[];
}

interface Named {
  readonly logicalId: string;
  readonly name: string;
}

export interface TablePlan extends Named {
  /** Input of DynamoDB's CreateTable. */
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface BucketPlan extends Named {
  readonly notifications: readonly NotificationPlan[];
}

export interface NotificationPlan {
  /** `s3:ObjectCreated:*`, `s3:ObjectCreated:Put`, ... */
  readonly events: readonly string[];
  readonly queueArn: string;
  readonly prefix: string;
  readonly suffix: string;
}

export interface QueuePlan extends Named {
  readonly arn: string;
  readonly url: string;
  /** SQS attributes, all text. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface FunctionPlan extends Named {
  readonly arn: string;
  readonly directory: string;
  readonly handler: string;
  readonly memoryMib: number;
  readonly timeoutSeconds: number;
  /** Null where the template leaves it open. */
  readonly reservedConcurrency: number | null;
  /** Further attempts after a failed asynchronous call. */
  readonly asyncRetries: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface EventSourcePlan {
  readonly logicalId: string;
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly partialFailures: boolean;
  /** Null where the template leaves it open. */
  readonly maximumConcurrency: number | null;
}

export interface RoutePlan {
  /** `POST /v1/regions/{region}/samples`, or `$default`. */
  readonly routeKey: string;
  readonly functionName: string;
  readonly apiId: string;
  readonly timeoutMs: number;
}

export interface SchedulePlan extends Named {
  readonly arn: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly targets: readonly ScheduleTarget[];
}

export interface ScheduleTarget {
  readonly kind: 'function' | 'stateMachine';
  /** Name of the function, or ARN of the state machine. */
  readonly target: string;
  /** JSON text; null for the event that EventBridge makes itself. */
  readonly input: string | null;
}

export interface MachinePlan extends Named {
  readonly arn: string;
  readonly definition: Readonly<Record<string, unknown>>;
}
