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

const DAYS = 60;
const HOURS_MS = 3_600_000;

it('answers scenarios beside the forecast, by command, address and name', async () => {
  const file = async (name: string, value: unknown): Promise<string> => {
    await writeFile(join(app.dataDir, name), JSON.stringify(value));
    return join(app.dataDir, name);
  };
  const midnight = Math.floor(Date.now() / (24 * HOURS_MS)) * 24 * HOURS_MS;
  const measures = Array.from({ length: DAYS * 24 }, (_, hour) => [
    new Date(midnight + (hour - DAYS * 24) * HOURS_MS).toISOString(),
    3_600,
    100 + Math.floor(hour / 24) + (hour % 24),
  ]);
  const gnocchi = await file('cores.json', measures);
  await app.ok(['ingest', gnocchi, '--region', 'west', '--metric', 'cores', '--wait']);
  const VCPU = { total: 60, reserved: 0, allocation_ratio: 1, min_unit: 1, max_unit: 60 };
  const hosts = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((host) =>
      file(`${host}.json`, { inventories: { VCPU: { ...VCPU, step_size: 1 } } }),
    ),
  );
  await app.ok(['ingest', ...hosts, '--source', 'placement', '--region', 'west', '--wait']);

  const flags = ['forecast', '--region', 'west', '--metric', 'cores'];
  const forecast = JSON.parse(await app.ok([...flags, '--run', '-o', 'json']));
  expect(forecast).toMatchObject({ status: 'forecast', usable: 240 });
  const none = await app.run([...flags, '--record']);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('can be scored yet') });

  const asked = ['scenario', '--region', 'west', '--growth', '50', '--reserve', '0', '-o', 'json'];
  const answer = JSON.parse(await app.ok([...asked, '--save', 'faster']));
  const [west] = answer.regions;
  expect(west.base.cores.exhaustion.p50).toBe(forecast.exhaustion.p50);
  expect(west.scenario.cores.usable.at(-1)).toMatchObject({ usable: 300 });
  const shared = await fetch(`${app.url}${answer.url}`);
  expect(await shared.json()).toEqual(answer);
  const saved = JSON.parse(await app.ok(['scenario', 'faster', '-o', 'json']));
  expect(saved.regions).toEqual(answer.regions);
}, 120_000);
