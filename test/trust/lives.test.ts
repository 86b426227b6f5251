import { afterAll, beforeAll, expect, it } from 'vitest';
import { publisherRow } from '../lib/ingest/samples.ts';
import { type TrustServers, trustServers } from './world.ts';

let servers: TrustServers;
beforeAll(async () => {
  servers = await trustServers();
});
afterAll(() => servers.stop());

/** Polls of one instance every five minutes from `from` up to and not including `to`. */
function polls(from: string, to: string, changes: Readonly<Record<string, unknown>> = {}) {
  const rows: string[] = [];
  for (let at = Date.parse(`${from}Z`); at < Date.parse(`${to}Z`); at += 300_000) {
    const timestamp = new Date(at).toISOString().slice(0, 19);
    rows.push(publisherRow({ resource_id: 'vm', timestamp, id: timestamp, ...changes }));
  }
  return rows;
}

/** Core-hours by resource and hour, without those of other measures. */
async function coreHours(files: Readonly<Record<string, string>>) {
  const world = await servers.world();
  const keys = await world.land(files);
  expect(await world.deliver(keys)).toEqual([]);
  await world.meterAll();
  const rows = await world.usage();
  return rows
    .filter(([, , , measure]) => measure === 'cores')
    .map(([region, , resource, , cls, hour, quantity]) => ({
      region,
      resource,
      class: cls,
      hour: hour?.slice(0, 13),
      quantity: Number(quantity),
    }));
}

it('B9: an instance across midnight and the end of a month is used without gap or overlap', async () => {
  const rows = polls('2026-10-31T22:30:00', '2026-11-01T01:30:00');
  const usage = await coreHours({ 'a.jsonl': rows.join('\n') });
  expect(usage.map(({ hour, quantity }) => [hour, quantity])).toEqual([
    ['2026-10-31 22', 1],
    ['2026-10-31 23', 2],
    ['2026-11-01 00', 2],
    ['2026-11-01 01', 1],
  ]);
});

it('B9: an instance that is resized within an hour holds each size up to the instant of the change', async () => {
  const rows = [
    ...polls('2026-10-05T10:00:00', '2026-10-05T10:20:00', {
      resource_metadata: { flavor: { name: 'small' } },
    }),
    ...polls('2026-10-05T10:20:00', '2026-10-05T11:00:00', {
      volume: 8,
      resource_metadata: { flavor: { name: 'large' } },
    }),
  ];
  const usage = await coreHours({ 'a.jsonl': rows.join('\n') });
  expect(usage.map(({ class: cls, quantity }) => [cls, quantity])).toEqual([
    ['large', 5.333333333333],
    ['small', 0.666666666667],
  ]);
});

it('B9: an instance that is deleted and made again under another id leaves the time between unused', async () => {
  const rows = [
    ...polls('2026-10-05T10:00:00', '2026-10-05T10:15:00'),
    publisherRow({
      resource_id: 'vm',
      timestamp: '2026-10-05T10:15:00',
      id: 'd',
      resource_metadata: { status: 'deleted', display_name: 'web' },
    }),
    ...polls('2026-10-05T10:45:00', '2026-10-05T11:00:00', {
      resource_id: 'vm-2',
      resource_metadata: { display_name: 'web' },
    }),
  ];
  const usage = await coreHours({ 'a.jsonl': rows.join('\n') });
  expect(usage.map(({ resource, quantity }) => [resource, quantity])).toEqual([
    ['vm', 0.5],
    ['vm-2', 0.5],
  ]);
});

it('B9: one id in two regions is two resources', async () => {
  const world = await servers.world();
  const body = polls('2026-10-05T10:00:00', '2026-10-05T11:00:00').join('\n');
  const keys = ['east', 'west'].map((region) => `region=${region}/2026-11-21/a.jsonl`);
  for (const key of keys) await world.ingestPorts.landing.put(key, Buffer.from(body));
  expect(await world.deliver(keys)).toEqual([]);
  await world.meterAll();
  const cores = (await world.usage()).filter(([, , , measure]) => measure === 'cores');
  const usage = cores.map(([region, , , , , , quantity]) => [region, Number(quantity)]);
  expect(usage).toEqual([
    ['east', 2],
    ['west', 2],
  ]);
});
