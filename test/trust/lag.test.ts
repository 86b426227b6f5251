import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { completenessOf, obstaclesOf } from '../../lib/closing/completeness.ts';
import { meterPartition } from '../../lib/metering/meter-partition.ts';
import { dayOfSamples } from './samples.ts';
import { type TrustServers, type TrustWorld, trustServers, WEST } from './world.ts';

let servers: TrustServers;
beforeAll(async () => {
  servers = await trustServers();
});
afterAll(() => servers.stop());

const FILES = { 'a.jsonl': dayOfSamples('a').join('\n') };
const DAY = { region: WEST, date: '2026-10-05', shard: 0 };

/** Every query of the index answers with what `answer` gives instead of what stands in the table. */
function lag(world: TrustWorld, answer: (query: Readonly<Record<string, unknown>>) => unknown[]) {
  const seen = { indexQueries: 0 };
  world.hooks.around = async ({ command, input, send }) => {
    if (command !== 'QueryCommand' || input['IndexName'] === undefined) return await send();
    seen.indexQueries += 1;
    return { Items: answer(input) };
  };
  return seen;
}

function closePorts(world: TrustWorld) {
  return {
    regions: dynamodbRegions(world.table),
    partitions: world.ingestPorts.partitions,
    lakeIndex: world.ingestPorts.lakeIndex,
    ledger: world.ingestPorts.ledger,
    totals: world.meteringPorts.totals,
    bills: dynamodbBillStore(world.table),
    now: () => new Date(world.clock.ms),
  };
}

it('F14: while the index shows nothing yet, ingest, metering and the check of a close decide right without it', async () => {
  const world = await servers.world();
  const keys = await world.land(FILES);
  const seen = lag(world, () => []);
  expect(await world.deliver(keys)).toEqual([]);
  expect(await world.deliver(keys)).toEqual([]);
  const { ledger, partitions } = world.ingestPorts;
  const entry = await ledger.findByKey(WEST, keys[0] ?? '');
  expect(entry).toMatchObject({ state: 'ingested', counts: { accepted: 72 } });
  expect((await partitions.get(DAY))?.generation).toBe(1);
  const before = await completenessOf(closePorts(world) as never, '2026-10');
  expect(obstaclesOf(before)).toEqual([
    'region west: waiting to be metered: 2026-10-04, 2026-10-05, 2026-10-06',
  ]);
  for (const date of ['2026-10-04', '2026-10-05', '2026-10-06']) {
    const { outcome } = await meterPartition(world.meteringPorts, { ...DAY, date });
    expect(outcome).toBe('metered');
  }
  const after = await completenessOf(closePorts(world) as never, '2026-10');
  expect(obstaclesOf(after)).toEqual([]);
  expect(seen.indexQueries).toBe(0);
});

it('F14: a day that the index does not show yet is metered as soon as it does', async () => {
  const world = await servers.world();
  const keys = await world.land(FILES);
  await world.deliver(keys);
  lag(world, () => []);
  await world.meterAll();
  expect((await world.outcome(keys)).unmetered).toBe(3);
  world.hooks.around = ({ send }) => send();
  await world.meterAll();
  expect((await world.outcome(keys)).unmetered).toBe(0);
});

it('F14: a day that the index still shows as due after it was metered is left as it is', async () => {
  const world = await servers.world();
  const keys = await world.land(FILES);
  await world.deliver(keys);
  let stale: unknown[] = [];
  world.hooks.around = async ({ command, input, send }) => {
    const answer = (await send()) as { Items?: unknown[] };
    if (command === 'QueryCommand' && input['IndexName'] !== undefined) stale = answer.Items ?? [];
    return answer;
  };
  const due = await world.ingestPorts.partitions.listDue({
    now: new Date(world.clock.ms),
    limit: 10,
  });
  expect(due).toHaveLength(3);
  const shown = stale;
  await world.meterAll();
  const expected = await world.outcome(keys);
  let puts = 0;
  world.hooks.around = async ({ command, input, send }) => {
    if (command === 'PutObjectCommand') puts += 1;
    const isIndex = command === 'QueryCommand' && input['IndexName'] !== undefined;
    return isIndex ? { Items: shown } : await send();
  };
  for (const key of due) {
    expect(await meterPartition(world.meteringPorts, key)).toMatchObject({ outcome: 'metered' });
  }
  expect(puts).toBe(0);
  world.hooks.around = ({ send }) => send();
  expect(await world.outcome(keys)).toEqual(expected);
});
