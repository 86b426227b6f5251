import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import type { Workflow } from '../../ports/messages.ts';

export function sfnClient(): SFNClient {
  return new SFNClient({
    maxAttempts: 6,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  });
}

/** PENDING_REDRIVE is a failed run that somebody is about to take up again. */
const statusSchema = z.preprocess(
  (status) => (status === 'PENDING_REDRIVE' ? 'RUNNING' : status),
  z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
);

/** Runs of one state machine. */
export function sfnWorkflow(client: SFNClient, stateMachineArn: string): Workflow {
  return {
    async start(name, input) {
      try {
        const answer = await client.send(
          new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
        );
        return { started: true, arn: answer.executionArn ?? executionArn(stateMachineArn, name) };
      } catch (error) {
        if (!isNamed(error, 'ExecutionAlreadyExists')) throw error;
        return { started: false, arn: executionArn(stateMachineArn, name) };
      }
    },
    async describe(arn) {
      try {
        const run = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
        return {
          status: statusSchema.parse(run.status),
          output: run.output === undefined ? null : JSON.parse(run.output),
          error: run.error ?? null,
          cause: run.cause ?? null,
        };
      } catch (error) {
        if (isNamed(error, 'ExecutionDoesNotExist') || isNamed(error, 'InvalidArn')) return null;
        throw error;
      }
    },
    async listRunning() {
      const runs: { readonly name: string; readonly arn: string }[] = [];
      let nextToken: string | undefined;
      do {
        const page = await client.send(
          new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', nextToken }),
        );
        for (const { name, executionArn: arn } of page.executions ?? []) {
          if (name !== undefined && arn !== undefined) runs.push({ name, arn });
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return runs;
    },
  };
}

/** `arn:..:stateMachine:<machine>` has its runs at `arn:..:execution:<machine>:<name>`. */
export function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
