import type { Workflow } from '../constructs/workflow.ts';
import type { Grant } from './grant.ts';

export function start({ stateMachine }: Workflow): Grant {
  return { actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] };
}

/** Which executions run now. */
export function listRuns({ stateMachine }: Workflow): Grant {
  return { actions: ['states:ListExecutions'], resources: [stateMachine.stateMachineArn] };
}

export function describeRuns({ executionArns }: Workflow): Grant {
  return {
    actions: ['states:DescribeExecution'],
    resources: [executionArns],
    wildcard: 'Executions are named at run time; the grant is held to those of one state machine.',
  };
}
