import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionBundle } from '../bundling/bundle-functions.ts';
import type { FunctionSpec } from '../function-catalogue.ts';
import { type Grant, statement, TRACING } from '../grants/grant.ts';
import type { StageConfig } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';

export interface ServiceFunctionProps {
  readonly stage: StageConfig;
  readonly spec: FunctionSpec;
  readonly bundle: FunctionBundle;
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
  /** Where a failure shows, since the function itself has no dead-letter target. */
  readonly failuresShowIn: string;
}

/** A function with a role and a log group of its own: it may do what its grants say and nothing else. */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { stage, spec, bundle } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: stage.retention.logs,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logs = logGroup;
    this.lambda = new LambdaFunction(this, 'Function', {
      description: spec.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: stage.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      code: props.code,
      handler: bundle.handler,
      // Without policy updates: CDK must not widen the role behind the list of grants.
      role: this.#role(logGroup, props.grants).withoutPolicyUpdates(),
      memorySize: spec.memoryMib,
      timeout: Duration.seconds(spec.timeoutSeconds),
      ephemeralStorageSize: Size.mebibytes(spec.diskMib),
      ...(spec.reservedConcurrency === null
        ? {}
        : { reservedConcurrentExecutions: spec.reservedConcurrency }),
      ...(spec.callsItself === true ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: bundle.name,
        STAGE: stage.name,
        CODE_VERSION: bundle.codeVersion,
        ...props.environment,
      },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
    });
    acknowledge(
      this.lambda,
      'Serverless-LambdaDLQ',
      `Nothing is kept from a failed asynchronous call: ${props.failuresShowIn}`,
    );
  }

  /** Its policy is inline, so that the function never runs before its permissions exist. */
  #role(logGroup: LogGroup, grants: readonly Grant[]): Role {
    const logging: Grant = {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    };
    const statements = [logging, TRACING, ...grants].map((grant) => statement(this, grant));
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Grants: new PolicyDocument({ statements }) },
    });
    acknowledge(
      role,
      'Serverless-LambdaStarPermissions',
      'Only X-Ray has the resource *, since its actions know no resources.',
    );
    return role;
  }
}
