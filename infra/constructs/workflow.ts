import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
  StateMachineType,
  type TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { type Grant, statement, TRACING } from '../grants/grant.ts';
import type { StageConfig } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';

export interface WorkflowProps {
  readonly stage: StageConfig;
  readonly comment: string;
  readonly definition: IChainable;
  readonly functions: readonly ServiceFunction[];
  readonly timeout: Duration;
}

/** Log delivery of Step Functions is set up by actions that know no resources. */
const LOG_DELIVERY: Grant = {
  actions: [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  resources: ['*'],
  wildcard: 'The actions that set up log delivery for Step Functions know no resources.',
};

/** A standard state machine: each execution name runs once, everything is logged and traced. */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;
  /** Pattern of the ARNs of its executions. */
  readonly executionArns: string;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const invoking: Grant = {
      actions: ['lambda:InvokeFunction'],
      resources: props.functions.map(({ lambda }) => lambda.functionArn),
    };
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        Grants: new PolicyDocument({
          statements: [invoking, LOG_DELIVERY, TRACING].map((grant) => statement(this, grant)),
        }),
      },
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      comment: props.comment,
      definitionBody: DefinitionBody.fromChainable(props.definition),
      stateMachineType: StateMachineType.STANDARD,
      timeout: props.timeout,
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(this, 'Logs', {
          retention: props.stage.retention.logs,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    this.executionArns = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.stateMachine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** What Lambda itself answers when it is busy or briefly broken; errors of our functions are not retried here. */
const TRANSIENT_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
];

export interface TaskProps {
  /** Without it the function gets the state's input. */
  readonly payload?: TaskInput;
  readonly comment: string;
  /** JSONPath of the place for the answer; without it the answer replaces the state's input. */
  readonly resultPath?: string;
}

/** Invokes a function; the state fails a little after the function's own timeout. */
export function task(
  scope: Construct,
  id: string,
  { fn, ...props }: TaskProps & { readonly fn: ServiceFunction },
): LambdaInvoke {
  const invoke = new LambdaInvoke(scope, id, {
    lambdaFunction: fn.lambda,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    taskTimeout: Timeout.duration(graceAfter(fn.lambda)),
    ...props,
  });
  invoke.addRetry({
    errors: TRANSIENT_ERRORS,
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxAttempts: 5,
  });
  return invoke;
}

function graceAfter(lambda: IFunction & { readonly timeout?: Duration }): Duration {
  if (lambda.timeout === undefined) throw new Error('a function has no explicit timeout');
  return lambda.timeout.plus(Duration.seconds(10));
}
