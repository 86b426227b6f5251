import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually, type RunningFixture, runFixture } from './running-fixture.ts';

let fixture: RunningFixture;

// Other work on the machine may make everything several times slower.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

beforeAll(async () => {
  fixture = await runFixture();
});

afterAll(async () => {
  await fixture.end();
});

const start = (machine: 'Machine' | 'SlowMachine', name: string, input: unknown) =>
  fixture.clients.states.send(
    new StartExecutionCommand({
      stateMachineArn: fixture.app.resources.stateMachines[machine],
      name,
      input: JSON.stringify(input),
    }),
  );

async function outcome(executionArn: string | undefined): Promise<DescribeExecutionOutput> {
  return eventually(async () => {
    const command = new DescribeExecutionCommand({ executionArn });
    const execution = await fixture.clients.states.send(command);
    return execution.status !== 'RUNNING' && execution;
  });
}

describe('a state machine', () => {
  it('maps, chooses, retries and gives the result', async () => {
    const items = [{ id: 'a' }, { id: 'b', failures: 2 }, { id: 'c', nothing: true }];
    const { executionArn } = await start('Machine', 'good', { items });
    const { status, output, stopDate, startDate } = await outcome(executionArn);
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output ?? '')).toEqual({
      count: 3,
      results: [{ id: 'a', attempts: 1 }, { id: 'b', attempts: 3 }, null],
    });
    expect(stopDate?.getTime()).toBeGreaterThan(startDate?.getTime() ?? Number.POSITIVE_INFINITY);
  });

  it('takes the default of a choice', async () => {
    const { executionArn } = await start('Machine', 'empty', {});
    expect(await outcome(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"items":[]}',
    });
  });

  it('catches an error by its name, and fails as it says', async () => {
    const { executionArn } = await start('Machine', 'fatal', { items: [{ id: 'a', fatal: true }] });
    expect(await outcome(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'FatalError',
      cause: 'an item could not be worked',
    });
  });

  it('fails with the error of a function that nothing catches, and its cause', async () => {
    const { executionArn } = await start('Machine', 'transient', {
      items: [{ id: 'a', failures: 9 }],
    });
    const { status, error, cause } = await outcome(executionArn);
    expect([status, error]).toEqual(['FAILED', 'TransientError']);
    expect(JSON.parse(cause ?? '')).toMatchObject({ errorMessage: 'not yet' });
  });

  it('refuses more data between states than AWS passes on', async () => {
    const { executionArn } = await start('Machine', 'large', { act: 'large' });
    expect(await outcome(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
  });
});

describe('names of executions', () => {
  it('are taken for good: for other input at once, for the same input when it has ended', async () => {
    const first = await start('SlowMachine', 'once', { a: 1 });
    const again = await start('SlowMachine', 'once', { a: 1 });
    expect(again).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    await expect(start('SlowMachine', 'once', { a: 2 })).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    });
    await fixture.clients.states.send(
      new StopExecutionCommand({ executionArn: first.executionArn, error: 'E', cause: 'asked' }),
    );
    const stopped = await outcome(first.executionArn);
    expect(stopped).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'asked' });
    await expect(start('SlowMachine', 'once', { a: 1 })).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    });
  });

  it.each(['has blank', 'a'.repeat(81), 'a/b', 'a:b', 'a\u0007'])(
    'cannot be "%s"',
    async (name) => {
      await expect(start('Machine', name, {})).rejects.toMatchObject({ name: 'InvalidName' });
    },
  );

  it('of one machine are free in another', async () => {
    await start('Machine', 'shared', {});
    await expect(start('SlowMachine', 'shared', {})).resolves.toBeDefined();
  });
});

describe('the Step Functions API', () => {
  it('lists executions by status, newest first, in pages', async () => {
    const stateMachineArn = fixture.app.resources.stateMachines['SlowMachine'];
    await start('SlowMachine', 'listed-1', {});
    await start('SlowMachine', 'listed-2', {});
    const page = (nextToken?: string) =>
      fixture.clients.states.send(
        new ListExecutionsCommand({
          stateMachineArn,
          statusFilter: 'RUNNING',
          maxResults: 1,
          ...(nextToken !== undefined && { nextToken }),
        }),
      );
    const first = await page();
    const second = await page(first.nextToken);
    expect(first.executions?.map(({ name }) => name)).toEqual(['listed-2']);
    expect(second.executions?.map(({ name }) => name)).toEqual(['listed-1']);
  });

  it('says what does not exist', async () => {
    const command = new DescribeExecutionCommand({
      executionArn: 'arn:aws:states:eu-central-1:000000000000:execution:x:y',
    });
    await expect(fixture.clients.states.send(command)).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
    const start = new StartExecutionCommand({
      stateMachineArn: 'arn:aws:states:x:1:stateMachine:y',
    });
    await expect(fixture.clients.states.send(start)).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
  });
});
