import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestHandler } from '../../functions/ingest/ingest.ts';
import { closingCloud } from '../functions/closing-cloud.ts';
import { publisherRow } from '../lib/ingest/samples.ts';
import { dayOfSamples } from './samples.ts';
import { type TrustServers, type TrustWorld, trustServers, WEST } from './world.ts';

let servers: TrustServers;
beforeAll(async () => {
  servers = await trustServers();
});
afterAll(() => servers.stop());

const NEWER = dayOfSamples('newer');
const OLDER = dayOfSamples('older');

/** Usage rows by resource. */
async function resources(world: TrustWorld): Promise<string[]> {
  await world.meterAll();
  return [...new Set((await world.usage()).map((row) => row[2] ?? ''))];
}

it('F6: a key that is overwritten is a second ingest, and an older event that comes last changes nothing', async () => {
  const world = await servers.world();
  const [key = ''] = await world.land({ 'same.jsonl': OLDER.join('\n') });
  expect(await world.deliver([key])).toEqual([]);
  const first = await world.ingestPorts.ledger.findByKey(WEST, key);
  // Put times are known to the second, and this is another.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await world.land({ 'same.jsonl': NEWER.join('\n') });
  expect(await world.deliver([key])).toEqual([]);
  const before = await world.outcome([key]);
  // The event of the first put comes again, last of all.
  for (const late of [key, key]) expect(await world.deliver([late])).toEqual([]);
  await world.meterAll();
  const after = await world.outcome([key]);
  expect(after.ledger).toEqual(before.ledger);
  const second = await world.ingestPorts.ledger.findByKey(WEST, key);
  expect(second?.id).not.toBe(first?.id);
  // The trail: both ingests are told, and the rows of both count until one is retracted.
  const { items } = await world.ingestPorts.ledger.list({ region: WEST, limit: 10 });
  expect(items.map(({ id }) => id).toSorted()).toEqual([first?.id, second?.id].toSorted());
  const named = await resources(world);
  expect(named.toSorted()).toEqual(['newer-a', 'newer-b', 'older-a', 'older-b']);
}, 60_000);

it('F6: of two puts before the first event the newer counts, once, whichever event comes last', async () => {
  const world = await servers.world();
  const [key = ''] = await world.land({ 'same.jsonl': OLDER.join('\n') });
  await world.land({ 'same.jsonl': NEWER.join('\n') });
  for (const event of [key, key]) expect(await world.deliver([event])).toEqual([]);
  expect((await resources(world)).toSorted()).toEqual(['newer-a', 'newer-b']);
}, 60_000);

it('F7: the event of an object that was deleted ends in the ledger with a reason; one that shows later counts once', async () => {
  const world = await servers.world();
  const body = dayOfSamples('a').join('\n');
  const [gone = '', late = ''] = await world.land({ 'gone.jsonl': body, 'late.jsonl': body });
  for (const key of [gone, late]) await world.ingestPorts.landing.delete(key);
  expect(await world.deliver([gone, late])).toEqual([]);
  const { ledger } = world.ingestPorts;
  for (const key of [gone, late]) {
    expect(await ledger.findByKey(WEST, key)).toMatchObject({
      state: 'refused',
      reasons: [{ code: 'deleted', count: 1 }],
      problem: expect.stringContaining('Put it again'),
    });
  }
  expect(await ledger.countRunning(WEST)).toBe(0);
  await world.land({ 'late.jsonl': body });
  for (const event of [late, late]) expect(await world.deliver([event])).toEqual([]);
  expect(await ledger.findByKey(WEST, late)).toMatchObject({
    state: 'ingested',
    counts: { read: 72, accepted: 72 },
  });
  expect((await resources(world)).toSorted()).toEqual(['a-a', 'a-b']);
  expect(await ledger.countRunning(WEST)).toBe(0);
}, 60_000);

it('F8: one poisoned message among ten comes again alone; when it is mended it counts once', async () => {
  const world = await servers.world();
  const files = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [`${n}.jsonl`, dayOfSamples(`r${n}`).join('\n')]),
  );
  const keys = await world.land(files);
  const poisoned = keys[4] ?? '';
  let cured = false;
  world.hooks.around = async ({ service, command, input, send }) => {
    if (!cured && service === 's3' && command === 'GetObjectCommand' && input['Key'] === poisoned) {
      throw new Error('the object cannot be read');
    }
    return await send();
  };
  // As often as the queue gives it before it goes to the dead letters.
  expect(await world.deliver(keys)).toEqual([poisoned]);
  for (let again = 0; again < 4; again += 1)
    expect(await world.deliver([poisoned])).toEqual([poisoned]);
  await world.meterAll();
  const counted = async () => new Set((await world.usage()).map((row) => row[2]?.split('-')[0]));
  expect((await counted()).size).toBe(9);
  cured = true;
  // A redrive gives it back; the nine others, should they come too, change nothing.
  expect(await world.deliver([poisoned, ...keys.slice(0, 3)])).toEqual([]);
  await world.meterAll();
  expect((await counted()).size).toBe(10);
  const never = await servers.world();
  await never.deliver(await never.land(files));
  await never.meterAll();
  expect(await world.usage()).toEqual(await never.usage());
}, 120_000);

it('F8: a message that nothing can be made of fails alone', async () => {
  const world = await servers.world();
  const [key = ''] = await world.land({ 'good.jsonl': dayOfSamples('a').join('\n') });
  const record = { eventName: 'ObjectCreated:Put', s3: { object: { key, size: 1 } } };
  const handler = ingestHandler({ ports: world.ingestPorts, logError: () => undefined });
  const Records = [
    { messageId: 'poison', body: 'no JSON' },
    { messageId: 'good', body: JSON.stringify({ Records: [record] }) },
  ];
  expect(await handler({ Records } as never)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'poison' }],
  });
  expect(await world.ingestPorts.ledger.findByKey(WEST, key)).toMatchObject({ state: 'ingested' });
}, 60_000);

it('F12: the time of the event decides the day, whatever clocks say; only 24 h ahead of its arrival is refused', async () => {
  const usages: unknown[] = [];
  const ids: unknown[] = [];
  for (const skewMinutes of [0, 10, -120]) {
    const world = await servers.world();
    // The clock of the function; the store stamps arrivals with its own.
    world.clock.ms += skewMinutes * 60_000;
    const now = Date.now();
    const at = (hours: number) =>
      new Date(now + hours * 3_600_000).toISOString().slice(0, 13).concat(':00:00Z');
    const row = (timestamp: string) => publisherRow({ timestamp, id: timestamp });
    const keys = await world.land({
      'skewed.jsonl': ['2026-10-05T23:59:59Z', '2026-10-06T00:00:01Z']
        .map((timestamp) => row(timestamp))
        .join('\n'),
      'ahead.jsonl': [row(at(2)), row(at(-2)), row(at(26))].join('\n'),
    });
    expect(await world.deliver(keys)).toEqual([]);
    const [skewed, ahead] = await Promise.all(
      keys.map((key) => world.ingestPorts.ledger.findByKey(WEST, key)),
    );
    ids.push(skewed?.id);
    expect(ahead).toMatchObject({
      counts: { accepted: 2, quarantined: 1 },
      reasons: [{ code: 'timestamp_in_future' }],
    });
    await world.meterAll();
    usages.push((await world.usage()).filter((usage) => usage[5]?.startsWith('2026-10')));
  }
  expect(usages[0]).not.toEqual([]);
  expect(usages[1]).toEqual(usages[0]);
  expect(usages[2]).toEqual(usages[0]);
  expect(new Set(ids).size).toBe(1);
}, 120_000);

it('F12: a clock that steps back during a close changes neither bills nor numbers', async () => {
  const close = async (stepMs: number) => {
    const cloud = await closingCloud();
    const { revision } = await cloud.check('close-1', true);
    cloud.clock.now = new Date(cloud.clock.now.getTime() + stepMs);
    const rated = await cloud.rate('close-1', revision);
    cloud.clock.now = new Date(cloud.clock.now.getTime() + stepMs);
    const issued = await cloud.issue('close-1', revision);
    return { revision, rated, issued };
  };
  const steady = await close(0);
  for (const minutes of [-10, 10]) expect(await close(minutes * 60_000)).toEqual(steady);
});
