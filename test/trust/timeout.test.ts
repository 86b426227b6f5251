import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IngestPorts } from '../../lib/ingest/ingest-ports.ts';
import { publisherRow } from '../lib/ingest/samples.ts';
import { type TrustServers, trustServers } from './world.ts';

let servers: TrustServers;
beforeAll(async () => {
  servers = await trustServers();
});
afterAll(() => servers.stop());

const MIB = 1_048_576;
/** Beyond what ingest keeps of an object between its hash and its rows: it is read twice. */
const ROWS = 60_000;

function largeFile(): Buffer {
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const minute = String(Math.floor(n / 1_000) % 60).padStart(2, '0');
    return publisherRow({
      resource_id: `r${n % 1_000}`,
      id: `${n}`,
      timestamp: `2026-10-05T10:${minute}:00`,
    });
  });
  return Buffer.from(rows.join('\n'));
}

/** The function's time is up when so many bytes of the object's second reading are through. */
function timingOut(ports: IngestPorts, bytesMax: number): IngestPorts {
  let opened = 0;
  const open: IngestPorts['landing']['open'] = async (key) => {
    const object = await ports.landing.open(key);
    opened += 1;
    return object === null || opened === 1
      ? object
      : { ...object, body: cutAt(object.body, bytesMax) };
  };
  return { ...ports, landing: { ...ports.landing, open } };
}

async function* cutAt(body: AsyncIterable<Uint8Array>, bytesMax: number) {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error('Task timed out after 900.00 seconds');
    yield chunk;
  }
}

it('F13: an ingest that runs out of time at 99 % of a large file leaves nothing, and a cold start takes it whole', async () => {
  const file = largeFile();
  expect(file.length).toBeGreaterThan(12 * MIB);
  const files = { 'large.jsonl': file };
  const calm = await servers.world();
  const keys = await calm.land(files);
  await calm.deliver(keys);
  await calm.meterAll();
  const expected = await calm.outcome(keys);

  const world = await servers.world();
  await world.land(files);
  const late = timingOut(world.ingestPorts, Math.floor(file.length * 0.99));
  expect(await world.deliver(keys, late)).toEqual(keys);
  expect(await Array.fromAsync(world.ingestPorts.lake.list(''))).toEqual([]);
  const before = process.memoryUsage().rss;
  expect(await world.deliver(keys)).toEqual([]);
  expect(process.memoryUsage().rss - before).toBeLessThan(512 * MIB);
  await world.meterAll();
  expect(await world.outcome(keys)).toEqual(expected);
}, 120_000);
