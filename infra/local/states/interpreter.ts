import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod';
import { ASYNCHRONOUS_BYTES } from '../invocation/limits.ts';
import type { InvokeResult } from '../invocation/protocol.ts';
import type { MachinePlan } from '../template/plan.ts';
import { functionName } from '../template/read-functions.ts';
import type { CheckedDefinition, TaskState } from './definition.ts';
import type { Outcome } from './execution-store.ts';

export interface RunningMachine {
  readonly outcome: Promise<Outcome>;
  /** Starts no further state. A function that runs is left to its end, as on AWS. */
  abort(): void;
}

export interface Run {
  readonly machine: MachinePlan;
  readonly checked: CheckedDefinition;
  /** `startedAt` in epoch milliseconds. */
  readonly execution: { readonly arn: string; readonly name: string; readonly startedAt: number };
  readonly input: unknown;
  readonly invoke: (functionName: string, payload: string) => Promise<InvokeResult>;
}

type JsonValue = Parameters<import('aws-local-stepfunctions').StateMachine['run']>[0];

/** A failed task, under the name that Retry and Catch compare. Its message becomes the Cause. */
class TaskFailure extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** `lambda:invoke` as the state's Parameters give it. */
const invokeParameters = z.looseObject({
  FunctionName: z.string(),
  Payload: z.unknown().optional(),
});

export function runMachine(run: Run): RunningMachine {
  let aborted = false;
  let abort = () => {
    aborted = true;
  };
  const outcome = interpret(run, (stop) => {
    if (aborted) stop();
    abort = stop;
  });
  return { outcome, abort: () => abort() };
}

async function interpret(run: Run, started: (stop: () => void) => void): Promise<Outcome> {
  try {
    // It takes a third of a second to load, which a start has no use for.
    const { StateMachine } = await import('aws-local-stepfunctions');
    const definition = run.checked.definition as unknown as StateMachineDefinition;
    const machine = new StateMachine(definition, { validationOptions: { checkArn: false } });
    const { machine: plan, execution } = run;
    const { result, abort } = machine.run(run.input as JsonValue, {
      overrides: { taskResourceLocalHandlers: handlers(run) },
      context: {
        Execution: {
          Id: execution.arn,
          Name: execution.name,
          Input: run.input as JsonValue,
          StartTime: new Date(execution.startedAt).toISOString(),
        },
        StateMachine: { Id: plan.arn, Name: plan.name },
      },
    });
    started(abort);
    return { status: 'SUCCEEDED', output: limited(JSON.stringify(await result)) };
  } catch (error) {
    return failed(error);
  }
}

function handlers(run: Run): Record<string, (input: JsonValue) => Promise<JsonValue>> {
  return Object.fromEntries(
    run.checked.tasks.map((task) => [task.stateName, (input) => callFunction(run, task, input)]),
  );
}

/** What a Task gives and takes crosses a process as JSON, within the limit of Step Functions. */
async function callFunction(
  { invoke }: Run,
  task: TaskState,
  input: JsonValue,
): Promise<JsonValue> {
  if (task.functionName !== null) {
    return JSON.parse(await call(invoke, task.functionName, input));
  }
  const { FunctionName, Payload } = invokeParameters.parse(input);
  const payload: JsonValue = JSON.parse(
    await call(invoke, functionName(FunctionName), Payload ?? {}),
  );
  return { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: 200 };
}

async function call(invoke: Run['invoke'], name: string, payload: unknown): Promise<string> {
  const result = await invoke(name, limited(JSON.stringify(payload)));
  if (result.ok) return limited(result.payload);
  throw new TaskFailure(result.error.errorType, JSON.stringify(result.error));
}

function limited(json: string): string {
  if (Buffer.byteLength(json) <= ASYNCHRONOUS_BYTES) return json;
  const cause = `The state's data has ${Buffer.byteLength(json)} bytes, more than the ${ASYNCHRONOUS_BYTES} that Step Functions passes on.`;
  throw new TaskFailure('States.DataLimitExceeded', cause);
}

function failed(error: unknown): Outcome {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'ExecutionTimeoutError') return { status: 'TIMED_OUT', error: 'States.Timeout' };
  const { cause } = error as { cause?: unknown };
  const inner = name === 'ExecutionError' && cause instanceof Error ? cause : { name, message };
  return { status: 'FAILED', error: inner.name, cause: inner.message };
}
