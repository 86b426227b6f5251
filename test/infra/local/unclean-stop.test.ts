import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildFixture, removeFixture, temporaryData } from './fixture.ts';
import { clientsOf, eventually, readItem } from './running-fixture.ts';

const MAIN = new URL('../../../infra/local/main.ts', import.meta.url).pathname;

interface Instance {
  readonly url: string;
  readonly pid: number;
  readonly endpoints: Parameters<typeof clientsOf>[0];
  readonly resources: Record<'tables' | 'buckets' | 'stateMachines', Record<string, string>>;
}

interface Runner {
  readonly child: ChildProcess;
  readonly instance: Instance;
  readonly startMs: number;
  errors(): string;
}

let assembly: string;
let dataDir: string;
const running = new Set<ChildProcess>();

// Other work on the machine may make everything several times slower.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

beforeAll(async () => {
  assembly = await buildFixture();
  dataDir = await temporaryData();
});

afterEach(async () => {
  const left = [...running].map((child) => {
    child.kill('SIGKILL');
    return once(child, 'exit');
  });
  await Promise.all(left);
});

afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await removeFixture(assembly);
});

function launch(data: string): { child: ChildProcess; errors: () => string } {
  const args = [MAIN, '--assembly', assembly, '--data', data];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  return { child, errors: () => errors };
}

async function run(data = dataDir): Promise<Runner> {
  const startedAt = performance.now();
  const { child, errors } = launch(data);
  const ready = once(child.stdout ?? child, 'data');
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(errors())));
  const [line] = await Promise.race([ready, ended]);
  ended.catch(() => {});
  const startMs = performance.now() - startedAt;
  const instance = JSON.parse(readFileSync(join(data, 'instance.json'), 'utf8')) as Instance;
  expect(JSON.parse(String(line))).toMatchObject({ url: instance.url });
  return { child, instance, startMs, errors };
}

async function kill({ child }: Runner): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Everything at one moment: no part gets to close what it has open. */
async function killAll(runner: Runner): Promise<void> {
  for (const pid of children()) process.kill(pid, 'SIGKILL');
  await kill(runner);
}

async function interrupt({ child }: Runner): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = await exited;
  return code;
}

/** Processes of the data directory, by the mark on their command line. */
function children(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`headroom-local:${dataDir}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('the runner as a process', () => {
  it('ends with 0 on Ctrl-C and leaves nothing behind', async () => {
    const runner = await run();
    expect(children().length).toBeGreaterThan(0);
    expect(await interrupt(runner)).toBe(0);
    expect(children()).toEqual([]);
    expect(existsSync(join(dataDir, 'instance.json'))).toBe(false);
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  });

  it('lets no second one onto its data, and runs beside one with other data', async () => {
    const first = await run();
    const second = launch(dataDir);
    const [code] = await once(second.child, 'exit');
    expect(code).toBe(1);
    expect(second.errors()).toMatch(/is in use by process \d+: stop that one, or name another/);
    const otherData = await temporaryData();
    const other = await run(otherData);
    const put = (runner: Runner) =>
      fetch(`${runner.instance.url}/items/${runner.child.pid}`, { method: 'PUT', body: 'x' });
    expect([(await put(first)).status, (await put(other)).status]).toEqual([201, 201]);
    const foreign = await fetch(`${other.instance.url}/items/${first.child.pid}`);
    expect(foreign.status).toBe(404);
    expect(await Promise.all([interrupt(first), interrupt(other)])).toEqual([0, 0]);
    await rm(otherData, { recursive: true });
  });

  it('says how it is called', async () => {
    const child = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [code] = await once(child, 'exit');
    expect(code).toBe(2);
  });
});

describe('a killed server of the runner', () => {
  it('comes back at the same address with its data', async () => {
    const runner = await run();
    const { url, endpoints } = runner.instance;
    await fetch(`${url}/items/kept`, { method: 'PUT', body: 'x' });
    const { s3 } = clientsOf(endpoints);
    const Bucket = runner.instance.resources.buckets['Landing'] ?? '';
    await s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'x' }));
    const servers = children().filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('-server.ts'),
    );
    expect(servers).toHaveLength(2);
    for (const pid of servers) process.kill(pid, 'SIGKILL');
    await eventually(async () => runner.errors().match(/ended with SIGKILL/g)?.length === 2);
    expect((await fetch(`${url}/items/kept`)).status).toBe(200);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'region=west/after', Body: 'x' }));
    const table = runner.instance.resources.tables['Items'] ?? '';
    await eventually(() => readItem(clientsOf(endpoints), table, 'region=west/after'));
    expect(await interrupt(runner)).toBe(0);
  });
});

describe('after kill -9', () => {
  it('leaves no process behind', async () => {
    const runner = await run();
    await fetch(`${runner.instance.url}/items/x`);
    await kill(runner);
    await eventually(async () => children().length === 0);
  });

  it('ends a function that is caught in a loop, at the next start', async () => {
    const runner = await run();
    fetch(`${runner.instance.url}/do/spin`, { method: 'POST' }).catch(() => {});
    const log = join(dataDir, 'logs', 'Http.log');
    const lost = await eventually(async () => {
      const [, pid] =
        /spinning (\d+)/.exec(readFileSync(log, { encoding: 'utf8', flag: 'a+' })) ?? [];
      return pid !== undefined && Number(pid);
    });
    await kill(runner);
    await eventually(async () => isDeepStrictEqual(children(), [lost]));
    const again = await run();
    expect(children()).not.toContain(lost);
    expect(await interrupt(again)).toBe(0);
  });

  it('has all that it acknowledged, events included, and index and table agree', async () => {
    const acknowledged: string[] = [];
    for (const round of [1, 2, 3]) {
      const runner = await run();
      const { s3 } = clientsOf(runner.instance.endpoints);
      const Bucket = runner.instance.resources.buckets['Landing'] ?? '';
      const put = async (Key: string) => {
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(100_000, 1) }));
        acknowledged.push(Key);
      };
      const work = Array.from({ length: 40 }, (_, index) =>
        put(`region=kill/${round}-${index}`).catch(() => {}),
      );
      const before = acknowledged.length;
      await eventually(async () => acknowledged.length - before >= 4 * round);
      await killAll(runner);
      await Promise.all(work);
      s3.destroy();
    }
    const runner = await run();
    const clients = clientsOf(runner.instance.endpoints);
    const table = runner.instance.resources.tables['Items'] ?? '';
    for (const key of acknowledged) {
      const item = await eventually(() => readItem(clients, table, key));
      expect(item['bytes']).toBe(100_000);
    }
    const query = new QueryCommand({
      TableName: table,
      IndexName: 'byKind',
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': 'object' },
    });
    // Events that came twice may still be on their way, and change table and index alike.
    const agree = async () => {
      const { Items = [] } = await clients.table.send(query);
      const stored = await Promise.all(
        Items.map((item) => readItem(clients, table, String(item['pk']))),
      );
      return isDeepStrictEqual(stored, Items) && Items.length;
    };
    expect(await eventually(agree)).toBeGreaterThanOrEqual(acknowledged.length);
    expect(await interrupt(runner)).toBe(0);
  });

  it('has ended executions whose names stay taken, and comes up again in seconds', async () => {
    const runner = await run();
    const start = (instance: Instance) =>
      new StartExecutionCommand({
        stateMachineArn: instance.resources.stateMachines['SlowMachine'],
        name: 'killed',
        input: '{}',
      });
    const { executionArn } = await clientsOf(runner.instance.endpoints).states.send(
      start(runner.instance),
    );
    await kill(runner);
    const again = await run();
    const { states } = clientsOf(again.instance.endpoints);
    const described = await states.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'ABORTED', error: 'Local.Restarted' });
    await expect(states.send(start(again.instance))).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    });
    expect(again.errors()).toMatch(/1 executions ended/);
    process.stdout.write(`second start: ${Math.round(again.startMs)} ms\n`);
    expect(again.startMs).toBeLessThan(15_000);
    expect(await interrupt(again)).toBe(0);
  });
});
