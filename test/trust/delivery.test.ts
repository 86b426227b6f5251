import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../cli/sample/random.ts';
import { meterPartition } from '../../lib/metering/meter-partition.ts';
import { dayOfSamples } from './samples.ts';
import {
  LEASE_SECONDS,
  type Outcome,
  type TrustServers,
  type TrustWorld,
  trustServers,
} from './world.ts';

let servers: TrustServers;
beforeAll(async () => {
  servers = await trustServers();
});
afterAll(() => servers.stop());

const FILES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['d', 'e', 'f', 'g'].map((name) => [
      `${name}.jsonl`,
      dayOfSamples(name, { polls: 3 }).join('\n'),
    ]),
  ),
  'a.jsonl': dayOfSamples('a').join('\n'),
  'b.jsonl': [...dayOfSamples('b'), ...dayOfSamples('a').slice(0, 30), 'no sample'].join('\n'),
  'c.json': `[${dayOfSamples('c').toReversed().join(',')}]`,
};

/** What one ordered delivery of each object gives. */
async function reference(files: Readonly<Record<string, string>>): Promise<Outcome> {
  const world = await servers.world();
  const keys = await world.land(files);
  for (const key of keys) expect(await world.deliver([key])).toEqual([]);
  await world.meterAll();
  const outcome = await world.outcome(keys);
  expect(outcome).toMatchObject({ running: 0, unmetered: 0 });
  expect(outcome.usageRows).toBeGreaterThan(24);
  return outcome;
}

it('F1: events that come 1 to 5 times, shuffled, 20 at once, give the ledger and usage of one ordered delivery', async () => {
  const expected = await reference(FILES);
  const seed = Number(process.env['SEED'] ?? 20_261_121);
  const random = seededRandom(seed);
  const world = await servers.world();
  const keys = await world.land(FILES);
  const events = keys
    .flatMap((key) => Array.from({ length: 1 + random.integer(5) }, () => key))
    .map((key) => ({ key, place: random.integer(1_000_000) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ key }) => key);
  const again = (await Promise.all(events.map((key) => world.deliver([key])))).flat();
  for (const key of again) await world.deliver([key]);
  await world.meterAll();
  const { parts, ...outcome } = await world.outcome(keys);
  const { parts: expectedParts, ...rest } = expected;
  expect(outcome, `SEED=${seed}`).toEqual(rest);
  expect(parts, `SEED=${seed}`).toEqual(expectedParts);
}, 120_000);

/** What a killed process looks like from inside: no call of it is answered any more. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * Dies when the call of that number is done and its answer on the way; with 0, before any. To the world that is
 * the same as dying before the next call.
 */
function killAfter(world: TrustWorld, call: number) {
  let calls = 0;
  const commands: string[] = [];
  world.hooks.around = async ({ service, command, send }) => {
    calls += 1;
    commands.push(`${service} ${command}`);
    if (calls > call) throw new Killed();
    const answer = await send();
    if (calls >= call) throw new Killed();
    return answer;
  };
  return { commands };
}

function revive(world: TrustWorld): void {
  world.hooks.around = ({ send }) => send();
  world.clock.ms += (LEASE_SECONDS + 1) * 1_000;
}

const ONE = { 'a.jsonl': [...dayOfSamples('a'), 'no sample'].join('\n') };

it('F2: ingest that is killed before or after any call of an SDK is whole after the next delivery', async () => {
  const expected = await reference(ONE);
  const whole = await servers.world();
  const counted = killAfter(whole, Number.POSITIVE_INFINITY);
  const keys = await whole.land(ONE);
  counted.commands.length = 0;
  await whole.deliver(keys);
  const calls = counted.commands.length;
  console.log(`F2: ingest makes ${calls} calls: ${counted.commands.join(', ')}`);
  expect(calls).toBeGreaterThan(10);
  for (let call = 0; call <= calls; call += 1) {
    const world = await servers.world();
    await world.land(ONE);
    killAfter(world, call);
    // The handler catches what its dead clients throw: a message that is handed back comes again.
    await world.deliver(keys).catch(() => undefined);
    revive(world);
    expect(await world.deliver(keys)).toEqual([]);
    await world.meterAll();
    expect(await world.outcome(keys), `killed after call ${call}`).toEqual(expected);
  }
}, 300_000);

it('F2: metering that is killed before or after any call of an SDK is whole once its lease is over', async () => {
  const expected = await reference(ONE);
  const metered = { region: 'west' as never, date: '2026-10-05', shard: 0 };
  const ingested = async () => {
    const world = await servers.world();
    const keys = await world.land(ONE);
    await world.deliver(keys);
    return { world, keys };
  };
  const whole = await ingested();
  const counted = killAfter(whole.world, Number.POSITIVE_INFINITY);
  await meterPartition(whole.world.meteringPorts, metered);
  const calls = counted.commands.length;
  console.log(`F2: metering makes ${calls} calls: ${counted.commands.join(', ')}`);
  expect(calls).toBeGreaterThan(8);
  for (let call = 0; call <= calls; call += 1) {
    const { world, keys } = await ingested();
    killAfter(world, call);
    await meterPartition(world.meteringPorts, metered).catch(() => undefined);
    revive(world);
    await world.meterAll();
    expect(await world.outcome(keys), `killed after call ${call}`).toEqual(expected);
  }
}, 300_000);
