import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { dayOfSamples } from './samples.ts';
import { type Outcome, type TrustServers, type TrustWorld, trustServers, WEST } from './world.ts';

let servers: TrustServers;
let expected: Outcome;
const FILES = { 'a.jsonl': [...dayOfSamples('a'), 'no sample'].join('\n') };
const DAY = { region: WEST, date: '2026-10-05', shard: 0 };

beforeAll(async () => {
  servers = await trustServers();
  const world = await servers.world();
  const keys = await world.land(FILES);
  await world.deliver(keys);
  await world.meterAll();
  expected = await world.outcome(keys);
});
afterAll(() => servers.stop());

/** BatchWriteItem leaves `count` of its writes undone (at most all), for as many rounds as told. */
function leaveUndone(world: TrustWorld, count: number, rounds: number) {
  const seen = { rounds: 0 };
  world.hooks.around = async ({ command, input, send }) => {
    if (command !== 'BatchWriteCommand' || seen.rounds >= rounds) return await send();
    seen.rounds += 1;
    const requests = (input['RequestItems'] as Record<string, unknown[]>)[world.name] ?? [];
    const done = requests.slice(count);
    if (done.length > 0) await send({ RequestItems: { [world.name]: done } });
    return { UnprocessedItems: { [world.name]: requests.slice(0, count) } };
  };
  return seen;
}

it.each([1, 2, 12, 24])(
  'F3: writes that DynamoDB leaves undone, %i of a batch for some rounds, are done in the end',
  async (count) => {
    const world = await servers.world();
    const keys = await world.land(FILES);
    const seen = leaveUndone(world, count, 3);
    expect(await world.deliver(keys)).toEqual([]);
    await world.meterAll();
    expect(seen.rounds).toBe(3);
    expect(await world.outcome(keys)).toEqual(expected);
  },
);

it('F3: writes that are never done hand the message back, mark nothing as applied, and one redelivery repairs it', async () => {
  const world = await servers.world();
  const keys = await world.land(FILES);
  leaveUndone(world, 25, Number.POSITIVE_INFINITY);
  expect(await world.deliver(keys)).toEqual(keys);
  const entry = await world.ingestPorts.ledger.findByKey(WEST, keys[0] ?? '');
  expect(entry?.state).toBe('running');
  expect(await world.ingestPorts.partitions.get(DAY)).toBeNull();
  expect(await world.ingestPorts.lakeIndex.list(WEST, '2026-10-05')).toEqual([]);
  world.hooks.around = ({ send }) => send();
  expect(await world.deliver(keys)).toEqual([]);
  await world.meterAll();
  expect(await world.outcome(keys)).toEqual(expected);
}, 60_000);

interface Fault {
  /** Whether the call was done before it fails. */
  readonly afterwards: boolean;
  readonly error: (call: number) => object;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'is throttled before it is done': {
    afterwards: false,
    error: (call) => ({
      name: call % 2 === 0 ? 'ThrottlingException' : 'ProvisionedThroughputExceededException',
      $retryable: { throttling: true },
    }),
  },
  'is answered with 500 before it is done': {
    afterwards: false,
    error: () => ({
      name: 'InternalServerError',
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
    }),
  },
  'loses its answer after it is done': {
    afterwards: true,
    error: () => ({ name: 'TimeoutError', code: 'ECONNRESET', $retryable: {} }),
  },
};

/** The first attempt of every call of every SDK client fails; the client itself tries again. */
function failFirstAttempts(world: TrustWorld, fault: Fault) {
  const seen = { failed: 0, calls: 0 };
  for (const client of Object.values(world.clients)) {
    const stack = client.middlewareStack as unknown as {
      add: (middleware: unknown, options: object) => void;
    };
    const middleware =
      (next: (args: object) => Promise<unknown>) =>
      async (args: { request: { headers: Record<string, string> } }) => {
        const isFirst = args.request.headers['amz-sdk-request']?.startsWith('attempt=1');
        seen.calls += isFirst === true ? 1 : 0;
        if (isFirst !== true) return await next(args);
        if (fault.afterwards) await next(args);
        seen.failed += 1;
        throw Object.assign(new Error('injected'), fault.error(seen.failed));
      };
    stack.add(middleware, { step: 'deserialize', name: 'failFirst', priority: 'high' });
  }
  return seen;
}

it.each(Object.entries(FAULTS))(
  'F4: nothing is lost or doubled where the first attempt of every single call %s',
  async (_name, fault) => {
    const world = await servers.world();
    const keys = await world.land(FILES);
    const seen = failFirstAttempts(world, fault);
    expect(await world.deliver(keys)).toEqual([]);
    await world.meterAll();
    expect(seen.failed).toBeGreaterThan(40);
    expect(seen.failed).toBe(seen.calls);
    expect(await world.outcome(keys)).toEqual(expected);
  },
  120_000,
);

it('F5: of 50 racers for one partition one gets it, and a condition that fails is not tried again', async () => {
  const world = await servers.world();
  await world.ingestPorts.partitions.touch(DAY, { now: new Date(world.clock.ms), delaySeconds: 0 });
  let attempts = 0;
  let sends = 0;
  world.clients.dynamodb.middlewareStack.add(
    (next) => async (args) => {
      attempts += 1;
      return await next(args);
    },
    { step: 'deserialize', name: 'count', priority: 'high' },
  );
  world.hooks.around = ({ send }) => {
    sends += 1;
    return send();
  };
  const options = { now: new Date(world.clock.ms), seconds: 60 };
  const leases = await Promise.all(
    Array.from({ length: 50 }, () => world.ingestPorts.partitions.lease(DAY, options)),
  );
  expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
  expect(attempts).toBe(sends);
});

it('F5: a put of S3 that meets another (409) is tried again, one whose precondition fails (412) is not', async () => {
  const world = await servers.world();
  const documents = s3ObjectStore({ client: world.clients.s3, name: `${world.name}-lake` });
  const puts: string[] = [];
  const answers = ['ConditionalRequestConflict', 'ConditionalRequestConflict'];
  world.hooks.around = async ({ command, send }) => {
    puts.push(command);
    const name = command === 'PutObjectCommand' ? answers.shift() : undefined;
    if (name !== undefined) throw Object.assign(new Error(name), { name });
    return await send();
  };
  const bill = Buffer.from('a bill');
  await documents.put('bills/a.json', bill, { ifAbsent: true });
  expect(puts).toEqual(['PutObjectCommand', 'PutObjectCommand', 'PutObjectCommand']);
  puts.length = 0;
  answers.push('PreconditionFailed');
  const other = Buffer.from('another bill');
  await expect(documents.put('bills/a.json', other, { ifAbsent: true })).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(puts).toEqual(['PutObjectCommand', 'GetObjectCommand']);
});

it('F5: 20 ingests of one object and 5 meterings of one day at once leave what one of each leaves', async () => {
  const world = await servers.world();
  const keys = await world.land(FILES);
  const again = await Promise.all(Array.from({ length: 20 }, () => world.deliver(keys)));
  for (const key of again.flat()) expect(await world.deliver([key])).toEqual([]);
  await Promise.all(Array.from({ length: 5 }, () => world.meterAll()));
  await setTimeout(10);
  await world.meterAll();
  expect(await world.outcome(keys)).toEqual(expected);
}, 60_000);
