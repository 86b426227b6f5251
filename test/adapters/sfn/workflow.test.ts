import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sfnClient, sfnWorkflow } from '../../../lib/adapters/sfn/workflow.ts';
import { useLocalCredentials } from '../../contract/embedded.ts';

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:close';
const RUN = 'arn:aws:states:eu-central-1:123456789012:execution:close';

/** Step Functions' protocol, with runs that answer as their names say. */
let server: Server;

beforeAll(async () => {
  useLocalCredentials();
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const { refused, ...answer } = answerTo(operation, JSON.parse(body));
      response.writeHead(refused === true ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.0',
      });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL_SFN'] =
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const started: unknown[] = [];

function answerTo(
  operation: string,
  input: Record<string, string>,
): Record<string, unknown> & { refused?: boolean } {
  if (operation === 'StartExecution') {
    if (input['name'] === 'taken')
      return { refused: true, __type: 'ExecutionAlreadyExists', message: 'taken' };
    started.push([input['stateMachineArn'], input['name'], JSON.parse(input['input'] ?? '')]);
    return { executionArn: `${RUN}:${input['name']}`, startDate: 1 };
  }
  if (operation === 'ListExecutions') {
    const page = input['nextToken'] === undefined ? ['b'] : ['a'];
    const executions = page.map((name) => ({
      name,
      executionArn: `${RUN}:${name}`,
      startDate: 1,
      status: 'RUNNING',
    }));
    return input['nextToken'] === undefined ? { executions, nextToken: 'more' } : { executions };
  }
  const name = input['executionArn']?.split(':').at(-1);
  if (name === 'done') return { ...run, status: 'SUCCEEDED', output: '{"period":"2026-10"}' };
  if (name === 'failed') return { ...run, status: 'FAILED', error: 'ProblemError', cause: 'no' };
  return { refused: true, __type: 'ExecutionDoesNotExist', message: 'none' };
}
const run = { executionArn: RUN, stateMachineArn: MACHINE, startDate: 1 };

it('starts a run under its name, with its input', async () => {
  const answer = await sfnWorkflow(sfnClient(), MACHINE).start('close-2026-10-1', {
    period: '2026-10',
  });
  expect(answer).toEqual({ started: true, arn: `${RUN}:close-2026-10-1` });
  expect(started).toEqual([[MACHINE, 'close-2026-10-1', { period: '2026-10' }]]);
});

it('tells that a run of the name exists, and where it is', async () => {
  const answer = await sfnWorkflow(sfnClient(), MACHINE).start('taken', {});
  expect(answer).toEqual({ started: false, arn: `${RUN}:taken` });
});

it('lists running runs over pages', async () => {
  expect(await sfnWorkflow(sfnClient(), MACHINE).listRunning()).toEqual([
    { name: 'b', arn: `${RUN}:b` },
    { name: 'a', arn: `${RUN}:a` },
  ]);
});

it('knows no run that does not exist', async () => {
  expect(await sfnWorkflow(sfnClient(), MACHINE).describe(`${RUN}:none`)).toBeNull();
});

it.each([
  { name: 'done', status: 'SUCCEEDED', output: { period: '2026-10' }, error: null, cause: null },
  { name: 'failed', status: 'FAILED', output: null, error: 'ProblemError', cause: 'no' },
])('describes a run that is $name', async ({ name, ...expected }) => {
  expect(await sfnWorkflow(sfnClient(), MACHINE).describe(`${RUN}:${name}`)).toEqual(expected);
});
