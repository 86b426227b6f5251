import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  JsonPath,
  Map as MapState,
  Pass,
  Result,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';
import { task, Workflow } from './workflow.ts';

export interface MeteringFunctions {
  readonly plan: ServiceFunction;
  readonly meter: ServiceFunction;
  readonly rate: ServiceFunction;
}

/**
 * Rounds of 200 partitions before an execution ends and leaves the rest to the next wake-up:
 * a round is some 1,500 events, and Step Functions allows 25,000 an execution.
 */
const MAX_ROUNDS = 15;

/**
 * Meters what is due, round after round, and brings the estimates of all touched months up to date once nothing
 * is due any more: a long load costs one estimate.
 */
export function meteringWorkflow(
  scope: Construct,
  stage: StageConfig,
  functions: MeteringFunctions,
): Workflow {
  const start = new Pass(scope, 'Start', {
    comment: 'Counts the rounds, and remembers the months that they touch',
    result: Result.fromObject({ round: 0, plan: { months: [] }, metered: [] }),
  });
  const plan = task(scope, 'Plan', {
    fn: functions.plan,
    comment: 'Lists up to 200 due partitions, the longest due first',
    payload: TaskInput.fromObject({
      months: JsonPath.objectAt('$.plan.months'),
      metered: JsonPath.objectAt('$.metered'),
    }),
    resultPath: '$.plan',
  });
  const count = new Pass(scope, 'CountRound', {
    parameters: {
      'round.$': 'States.MathAdd($.round, 1)',
      'plan.$': '$.plan',
    },
  });
  const done = new Succeed(scope, 'Done');
  // A price that cannot be worked out is no fault of metering: the function's alarm tells of it.
  const estimateAll = estimate(scope, functions.rate)
    .addCatch(done, { resultPath: '$.estimateFailure' })
    .next(done);
  const again = new Choice(scope, 'RoundsLeft')
    .when(Condition.numberLessThan('$.round', MAX_ROUNDS), plan)
    .otherwise(estimateAll);
  const anyDue = new Choice(scope, 'AnyDue')
    .when(
      Condition.isPresent('$.plan.partitions[0]'),
      count.next(meterEach(scope, stage, functions.meter)).next(again),
    )
    .when(Condition.isPresent('$.plan.months[0]'), estimateAll)
    .otherwise(done);
  return new Workflow(scope, 'Workflow', {
    stage,
    comment: 'Meters due partitions and estimates the bills of their months',
    definition: start.next(plan).next(anyDue),
    functions: [functions.plan, functions.meter, functions.rate],
    timeout: Duration.hours(6),
  });
}

function meterEach(scope: Construct, stage: StageConfig, meter: ServiceFunction): MapState {
  const notMetered = new Pass(scope, 'NotMetered', {
    comment: 'The partition stays due; one that fails must not stop the others',
    parameters: {
      'region.$': '$.region',
      'date.$': '$.date',
      'shard.$': '$.shard',
      metered: false,
    },
  });
  const one = task(scope, 'Meter', {
    fn: meter,
    comment: 'Computes the usage of one day of one region',
  }).addCatch(notMetered, { resultPath: '$.failure' });
  return new MapState(scope, 'MeterEach', {
    itemsPath: '$.plan.partitions',
    maxConcurrency: stage.meteringConcurrency,
    resultPath: '$.metered',
  }).itemProcessor(one);
}

function estimate(scope: Construct, rate: ServiceFunction) {
  return task(scope, 'Estimate', {
    fn: rate,
    comment: 'Rates the months that the metered partitions lie in',
    payload: TaskInput.fromObject({
      mode: 'estimate',
      months: JsonPath.objectAt('$.plan.months'),
    }),
    resultPath: JsonPath.DISCARD,
  });
}
