import {
  type IRuleTarget,
  Rule,
  type RuleProps,
  RuleTargetInput,
  Schedule,
} from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { type IRole, PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type Grant, statement } from '../grants/grant.ts';
import type { StageConfig } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Workflow } from './workflow.ts';

export interface SchedulesProps {
  readonly stage: StageConfig;
  readonly wake: ServiceFunction;
  readonly sweep: ServiceFunction;
  readonly pull: ServiceFunction;
  readonly compact: ServiceFunction;
  readonly forecasting: Workflow;
  readonly close: Workflow;
}

export type ScheduleName = 'wake' | 'sweep' | 'pull' | 'compact' | 'forecasting' | 'close';

const DESCRIPTIONS: Readonly<Record<ScheduleName, string>> = {
  wake: 'Starts metering if a wake-up was lost',
  sweep: 'Takes up landing objects whose event was lost',
  pull: 'Pulls the sources that are due',
  compact: "Makes few parts of the lake's many",
  forecasting: 'Forecasts every region',
  close: 'Closes the last month to a draft',
};

/** What runs by the clock, in UTC. */
export class Schedules extends Construct {
  readonly rules: Readonly<Record<ScheduleName, Rule>>;

  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    const { wake, sweep, pull, compact, forecasting, close } = props;
    const role = starterRole(this, [forecasting, close]);
    const target = (workflow: Workflow, input: Readonly<Record<string, unknown>>) =>
      new SfnStateMachine(workflow.stateMachine, {
        role,
        input: RuleTargetInput.fromObject(input),
      });
    const targets: Readonly<Record<ScheduleName, IRuleTarget>> = {
      wake: new LambdaFunction(wake.lambda),
      sweep: new LambdaFunction(sweep.lambda),
      pull: new LambdaFunction(pull.lambda),
      compact: new LambdaFunction(compact.lambda),
      forecasting: target(forecasting, {}),
      close: target(close, { period: 'previous', actor: 'schedule', issue: false }),
    };
    const rule = (name: ScheduleName, id: string) =>
      scheduleRule(this, id, {
        schedule: Schedule.expression(props.stage.schedules[name]),
        description: DESCRIPTIONS[name],
        targets: [targets[name]],
      });
    this.rules = {
      wake: rule('wake', 'Wake'),
      sweep: rule('sweep', 'Sweep'),
      pull: rule('pull', 'Pull'),
      compact: rule('compact', 'Compact'),
      forecasting: rule('forecasting', 'Forecasting'),
      close: rule('close', 'Close'),
    };
  }
}

function scheduleRule(scope: Construct, id: string, props: RuleProps): Rule {
  const rule = new Rule(scope, id, props);
  acknowledge(
    rule,
    'Serverless-EventBusDLQ',
    'A missed tick carries no data: an alarm on failed invocations tells of it, the next tick does its work.',
  );
  return rule;
}

function starterRole(scope: Construct, workflows: readonly Workflow[]): IRole {
  const starting: Grant = {
    actions: ['states:StartExecution'],
    resources: workflows.map(({ stateMachine }) => stateMachine.stateMachineArn),
  };
  return new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('events.amazonaws.com'),
    inlinePolicies: { Grants: new PolicyDocument({ statements: [statement(scope, starting)] }) },
  }).withoutPolicyUpdates();
}
