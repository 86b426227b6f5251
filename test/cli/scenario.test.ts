import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRegion, type Region } from '../../lib/identifiers.ts';
import { addDays } from '../../lib/period/calendar.ts';
import { type Server, serve } from './server.ts';

const WEST = parseRegion('west');
const TERMINAL = { outIsTerminal: true };

let server: Server;
let folder: string;
beforeAll(async () => {
  server = await serve();
  folder = await mkdtemp(join(tmpdir(), 'scenario-'));
  await meterFortyDays(WEST);
  const inventories = { VCPU: { total: 50, reserved: 0, allocationRatio: '1.0', used: null } };
  await server.ports.capacity.put(
    {
      region: WEST,
      source: 'placement',
      observedAt: '2026-11-20T00:00:00Z',
      hosts: ['a', 'b', 'c', 'd'].map((host) => ({ host, inventories })),
    },
    'i1',
  );
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function meterFortyDays(region: Region): Promise<void> {
  await server.ports.regions.ensure(region, new Date(0));
  for (let day = 40; day > 0; day -= 1) {
    const date = addDays('2026-11-21', -day);
    const hours = Array.from({ length: 24 }, () => String(100 + (day % 7)));
    const none = Array.from({ length: 24 }, () => '0');
    const key = { region, date, shard: 0 };
    await server.ports.totals.replace(key, 1, [], {
      ...key,
      generation: 1,
      cores: hours,
      ramGib: none,
    });
  }
}

describe('scenario', () => {
  it('prints what the API gives', async () => {
    const args = ['--region', 'west', '--growth', '20', '--hosts', '2@2027-02-01'];
    const { code, out } = await server.headroom(['scenario', ...args, '-o', 'json']);
    expect(code).toBe(0);
    const orders = [{ region: 'west', from: '2027-02-01', hosts: 2 }];
    const body = { regions: ['west'], growthPercentPerYear: 20, orders };
    expect(JSON.parse(out)).toEqual((await server.ask('POST /v1/scenarios', { body })).body);
  });

  it('prints forecast and scenario side by side on a terminal, with the address', async () => {
    const { out } = await server.headroom(['scenario', '--reserve', '0'], TERMINAL);
    expect(out).toMatch(/^west\n/);
    expect(out).toMatch(/cores in 30 days, P50 \/ P90 \(cores\) +\d+ \/ \d+ +\d+ \/ \d+\n/);
    expect(out).toMatch(/cores usable at last \(cores\) +150 +200\n/);
    expect(out).toMatch(/first of both \(10\/50\/90 %\) +\S+ \/ \S+ \/ \S+ +\S+ \/ \S+ \/ \S+\n/);
    expect(out).toMatch(/Again: \/v1\/scenario-answer\?scenario=%7B%22reserves%22/);
  });

  it('prints what another mix means, and what to set to be told when to order', async () => {
    const args = ['scenario', '--mix', '4:8192', '--mix-keeps', 'cores'];
    const { out } = await server.headroom(args, TERMINAL);
    expect(out).toMatch(
      /New demand: 4\.0 cores and 8\.0 GiB an instance; as many cores as forecast/,
    );
    expect(out).toContain('%22mixKeeps%22%3A%22cores%22');
    expect(out).toMatch(/Fits on 2026-11-21: 0 more \(/);
    expect(out).toMatch(/order by +not known +not known\n/);
    expect(out).toMatch(/\nOrder by: Set planning\.leadTimeDays/);
  });

  it('reads a file, puts options on top, and saves it when told to', async () => {
    const file = join(folder, 'denser.json');
    await writeFile(file, JSON.stringify({ name: 'Denser', reserves: [{ hosts: 2 }] }));
    const args = ['-f', file, '--ratio', 'VCPU=2.0', '--mix', '4:8192', '--save', 'denser'];
    const { code, err } = await server.headroom(['scenario', ...args, '-o', 'json']);
    expect({ code, err }).toEqual({ code: 0, err: 'Scenario denser: created.\n' });
    expect((await server.ask('GET /v1/scenarios/denser')).body).toEqual({
      id: 'denser',
      name: 'Denser',
      reserves: [{ hosts: 2 }],
      ratios: [{ resourceClass: 'VCPU', ratio: '2.0' }],
      mix: [{ vcpus: 4, ramMib: 8192 }],
    });
    const saved = await server.headroom(['scenario', 'denser', '-o', 'json']);
    expect(JSON.parse(saved.out)).toMatchObject({ scenario: { id: 'denser', name: 'Denser' } });
  });

  it.each([
    { args: ['--hosts', '5@2027-02-01'], says: '--hosts needs --region' },
    { args: ['--hosts', 'five', '--region', 'west'], says: '--hosts takes a number and a day' },
    { args: ['--growth', 'much'], says: '--growth takes a percentage' },
    { args: ['--ratio', 'DISK=2'], says: '--ratio takes VCPU=8.0' },
    { args: ['--lose', 'west'], says: '--lose takes a region and a day' },
    { args: ['--mix', '4'], says: '--mix takes the vCPUs and MiB' },
    { args: ['denser', '--growth', '5'], says: 'asked by its name alone' },
    { args: ['-f', '/nowhere.json'], says: '/nowhere.json cannot be read' },
  ])('says what is wrong with $args', async ({ args, says }) => {
    const { code, err } = await server.headroom(['scenario', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  it('passes on what the API refuses', async () => {
    const { code, err } = await server.headroom(['scenario', '--region', 'south']);
    expect(code).toBe(1);
    expect(err).toContain('region "south", of which no demand is known');
  });

  it('says of a mix that it is not known how many fit where no host is known', async () => {
    await meterFortyDays(parseRegion('bare'));
    const { out } = await server.headroom(
      ['scenario', '--region', 'bare', '--mix', '4:8192'],
      TERMINAL,
    );
    expect(out).toContain('How many fit is not known: no host of the region is.\n');
  });
});
