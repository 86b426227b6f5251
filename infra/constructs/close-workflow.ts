import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  Fail,
  JsonPath,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';
import { task, Workflow } from './workflow.ts';

/** The execution's name: a month is closed by one run at a time, and a retry finds its own claim. */
const RUN = JsonPath.stringAt('$$.Execution.Name');

export interface CloseFunctions {
  readonly close: ServiceFunction;
  readonly rate: ServiceFunction;
}

/**
 * Closes a month: `{period, actor, issue, acceptGaps?}`. `Check` answers with the month (the schedule asks for `previous`) and
 * the revision to write, or that the bills are issued already, in which case they stay as they are.
 */
export function closeWorkflow(
  scope: Construct,
  stage: StageConfig,
  functions: CloseFunctions,
): Workflow {
  const failed = recordFailure(scope, functions.close);
  const caught = { resultPath: '$.failure' };
  const done = new Succeed(scope, 'Closed');
  const issue = closeStep(scope, 'Issue', {
    fn: functions.close,
    comment: 'Numbers the bills and makes them immutable',
    payload: { step: 'issue', ...ofCheck(), run: RUN, actor: JsonPath.stringAt('$.actor') },
  }).addCatch(failed, caught);
  const rate = closeStep(scope, 'Rate', {
    fn: functions.rate,
    comment: 'Rates the month and writes a revision of its bills',
    payload: { mode: 'close', ...ofCheck(), run: RUN, actor: JsonPath.stringAt('$.actor') },
  }).addCatch(failed, caught);
  const toIssue = new Choice(scope, 'ToIssue')
    .when(Condition.booleanEquals('$.issue', true), issue.next(done))
    .otherwise(done);
  const check = closeStep(scope, 'Check', {
    fn: functions.close,
    comment: 'Refuses while an ingest runs or a day of the month is not metered',
    payload: {
      step: 'check',
      run: RUN,
      period: JsonPath.stringAt('$.period'),
      actor: JsonPath.stringAt('$.actor'),
      issue: JsonPath.objectAt('$.issue'),
      // What may stand in it or not (acceptGaps) cannot be named by a path.
      input: JsonPath.objectAt('$'),
    },
    resultPath: '$.check',
  }).addCatch(failed, caught);
  const issuedAlready = new Choice(scope, 'IssuedAlready')
    .when(
      Condition.and(
        Condition.isPresent('$.check.issued'),
        Condition.booleanEquals('$.check.issued', true),
      ),
      done,
    )
    .otherwise(rate.next(toIssue));
  return new Workflow(scope, 'Workflow', {
    stage,
    comment: 'Closes a month and, when asked, issues its bills',
    definition: check.next(issuedAlready),
    functions: [functions.close, functions.rate],
    timeout: Duration.hours(1),
  });
}

/** The month and revision that `Check` settled on. */
function ofCheck() {
  return {
    period: JsonPath.stringAt('$.check.period'),
    revision: JsonPath.numberAt('$.check.revision'),
  };
}

interface CloseStep {
  readonly fn: ServiceFunction;
  readonly comment: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly resultPath?: string;
}

function closeStep(scope: Construct, id: string, { payload, ...step }: CloseStep) {
  return task(scope, id, {
    resultPath: JsonPath.DISCARD,
    ...step,
    payload: TaskInput.fromObject({ ...payload }),
  });
}

function recordFailure(scope: Construct, close: ServiceFunction) {
  return closeStep(scope, 'Failed', {
    fn: close,
    comment: 'Records why, so that the period shows it',
    payload: {
      step: 'failed',
      run: RUN,
      period: JsonPath.stringAt('$.period'),
      actor: JsonPath.stringAt('$.actor'),
      error: JsonPath.stringAt('$.failure.Error'),
      cause: JsonPath.stringAt('$.failure.Cause'),
    },
  }).next(
    new Fail(scope, 'NotClosed', {
      errorPath: JsonPath.stringAt('$.failure.Error'),
      causePath: JsonPath.stringAt('$.failure.Cause'),
    }),
  );
}
