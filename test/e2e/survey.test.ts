import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { App } from './app.ts';

const app = new App();
beforeAll(async () => await app.start(), 180_000);
afterAll(async () => {
  await app.stop();
  await app.remove();
});

const DAYS = 3;
const HOUR_MS = 3_600_000;

/** Hourly polls of the last whole days: an instance of 4 cores that does next to nothing, and a volume that nobody attached. */
function samples(): string {
  const midnight = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS;
  const rows = Array.from({ length: DAYS * 24 }, (_, hour) => {
    const timestamp = new Date(midnight + (hour - DAYS * 24) * HOUR_MS).toISOString().slice(0, 19);
    const of = (resource_id: string, name: string, resource_metadata: object) => ({
      ...{ project_id: 'p1', user_id: 'u', source: 'openstack', timestamp },
      ...{ resource_id, name, resource_metadata, id: `${resource_id}-${name}-${hour}` },
    });
    const flavor = { name: 'm1.large', vcpus: 4, ram: 8_192 };
    const instance = { instance_host: 'cmp-1', state: 'active', flavor };
    const volume = { status: 'available', volume_type: 'ssd' };
    return [
      { ...of('vm-1', 'vcpus', instance), type: 'gauge', unit: 'vcpu', volume: 4 },
      { ...of('vm-1', 'cpu', instance), type: 'cumulative', unit: 'ns', volume: hour * 36e9 },
      { ...of('vol-1', 'volume.size', volume), type: 'gauge', unit: 'GiB', volume: 100 },
    ];
  });
  return rows
    .flat()
    .map((row) => JSON.stringify(row))
    .join('\n');
}

it('surveys a region with its forecasts, and tells what could be given back', async () => {
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(app.dataDir, name), text);
    return join(app.dataDir, name);
  };
  const rule = (measure: string, unitPrice: string) => ({
    ...{ id: measure, measure, price: { model: 'unit', unitPrice } },
  });
  const card = {
    ...{ id: 'c', currency: 'EUR', effectiveFrom: '2026-01-01' },
    rules: [rule('cores', '0.01'), rule('volume', '0.001')],
  };
  const team = { id: 'payments', name: 'Payments', projects: [{ project: 'p1' }] };
  await app.ok(['apply', '-f', await file('config.json', JSON.stringify([card, team]))]);
  const usage = await file('samples.jsonl', samples());
  await app.ok(['ingest', usage, '--region', 'west', '--wait']);

  // Three days are too few to forecast: the run says so, and has surveyed.
  await app.run(['forecast', '--region', 'west', '--metric', 'cores', '--run', '-o', 'json']);
  const items = JSON.parse(await app.ok(['reclaim', '--team', 'payments', '-o', 'json']));
  const head = { region: 'west', project: 'p1', confidence: 'medium', currency: 'EUR' };
  expect(items).toHaveLength(2);
  expect(items).toContainEqual(
    expect.objectContaining({ ...head, resource: 'vm-1', kind: 'idle', class: 'm1.large' }),
  );
  expect(items).toContainEqual(
    expect.objectContaining({ ...head, resource: 'vol-1', kind: 'unattached-volume' }),
  );
  for (const item of items) expect(Number(item.costPerMonth)).toBeGreaterThan(0);
  const flavors = await fetch(`${app.url}/v1/regions/west/flavors`);
  expect(await flavors.json()).toMatchObject({ items: [{ name: 'm1.large', origin: 'metered' }] });
  expect(await app.ok(['overcommit', '--region', 'west', '-o', 'table'])).toContain('Not measured');
}, 120_000);
