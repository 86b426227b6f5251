import type { RequestListener } from 'node:http';
import * as z from 'zod';
import { jsonEndpoint } from '../json-endpoint.ts';
import type { Execution } from './execution-store.ts';
import type { StatesService } from './states-service.ts';

const startSchema = z.looseObject({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().default('{}'),
});
const arnSchema = z.looseObject({
  executionArn: z.string(),
  error: z.string().optional(),
  cause: z.string().optional(),
});
const listSchema = z.looseObject({
  stateMachineArn: z.string(),
  statusFilter: z.string().nullish(),
  maxResults: z.number().int().min(0).max(1_000).default(100),
  nextToken: z.string().nullish(),
});

type Action = (service: StatesService, body: unknown) => unknown;

const actions: Readonly<Record<string, Action>> = {
  StartExecution: (service, body) => {
    const { stateMachineArn, name, input } = startSchema.parse(body);
    const started = service.start(stateMachineArn, { input, ...(name !== undefined && { name }) });
    return { executionArn: started.arn, startDate: started.startedAt / 1_000 };
  },
  DescribeExecution: (service, body) => {
    const execution = service.describe(arnSchema.parse(body).executionArn);
    const { input, output, error, cause } = execution;
    const ending = { ...(output !== null && { output }), ...(error !== null && { error }) };
    return { ...summary(execution), input, ...ending, ...(cause !== null && { cause }) };
  },
  StopExecution: (service, body) => {
    const { executionArn, error, cause } = arnSchema.parse(body);
    const reason = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
    const stopped = service.stop(executionArn, reason);
    return { stopDate: (stopped.stoppedAt ?? Date.now()) / 1_000 };
  },
  ListExecutions: (service, body) => {
    const { stateMachineArn, statusFilter, maxResults, nextToken } = listSchema.parse(body);
    const limit = maxResults === 0 ? 100 : maxResults;
    const offset = nextToken === undefined || nextToken === null ? 0 : Number(nextToken);
    const status = statusFilter ?? null;
    const page = service.list({ machineArn: stateMachineArn, status, offset, limit: limit + 1 });
    return {
      executions: page.slice(0, limit).map(summary),
      ...(page.length > limit && { nextToken: String(offset + limit) }),
    };
  },
};

/** Instants are epoch seconds in this protocol. */
function summary(execution: Execution): Record<string, unknown> {
  const { arn, machineArn, name, status, startedAt, stoppedAt } = execution;
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: startedAt / 1_000,
    ...(stoppedAt !== null && { stopDate: stoppedAt / 1_000 }),
  };
}

/** Step Functions' API as far as `actions` goes. */
export function createStatesEndpoint(service: StatesService): RequestListener {
  return jsonEndpoint({
    version: '1.0',
    actions: Object.fromEntries(
      Object.entries(actions).map(([name, action]) => [
        `AWSStepFunctions.${name}`,
        (body: unknown) => action(service, body),
      ]),
    ),
    invalid: 'ValidationException',
    internal: 'InternalServerError',
  });
}
