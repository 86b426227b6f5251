import { Duration } from 'aws-cdk-lib';
import { Choice, Condition, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';
import { task, Workflow } from './workflow.ts';

/** Calls the function again and again: each call works for a while and says where the next goes on. */
export function rebuildingWorkflow(
  scope: Construct,
  stage: StageConfig,
  rebuild: ServiceFunction,
): Workflow {
  const restore = task(scope, 'Restore', {
    fn: rebuild,
    comment: 'Restores what it finds in S3 from where the last call has stopped',
  });
  const isDone = new Choice(scope, 'AllRestored')
    .when(Condition.booleanEquals('$.done', true), new Succeed(scope, 'Rebuilt'))
    .otherwise(restore);
  return new Workflow(scope, 'Workflow', {
    stage,
    comment: 'Makes again what the table holds, from S3',
    definition: restore.next(isDone),
    functions: [rebuild],
    timeout: Duration.hours(48),
  });
}
