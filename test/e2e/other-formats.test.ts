import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { App } from './app.ts';

/** A scrape at 10:00 and half an hour later. */
const SCRAPE = [0, 1_800_000].flatMap((later) =>
  [
    'openstack_nova_flavor{disk="20",id="2",name="m1.small",ram="2048",vcpus="2"} 1',
    'openstack_nova_server_status{flavor_id="2",status="ACTIVE",tenant_id="p1",uuid="vm1"} 0',
    'openstack_cinder_volume_gb{id="v1",status="in-use",tenant_id="p1",volume_type="ssd"} 10',
    'openstack_placement_resource_total{hostname="h1",resourcetype="VCPU"} 96',
    'openstack_placement_resource_allocation_ratio{hostname="h1",resourcetype="VCPU"} 1.2000000476837158',
    'openstack_neutron_networks 2',
  ].map((line) => `${line} ${Date.UTC(2026, 9, 5, 10) + later}`),
);

const POINT = {
  vol: { unit: 'GiB', qty: 10.5 },
  rating: { price: 0.12345678901234568 },
  groupby: { project_id: 'p1', id: 'v1' },
  metadata: {},
};
const RATED = {
  total: 2,
  dataframes: [0, 1].map((hour) => ({
    period: {
      begin: `2026-10-05T1${hour}:00:00+00:00`,
      end: `2026-10-05T1${hour + 1}:00:00+00:00`,
    },
    usage: { 'volume.size': [POINT] },
  })),
};

const app = new App();
beforeAll(() => app.start());
afterAll(async () => {
  await app.stop();
  await app.remove();
});

function file(name: string, content: string): string {
  const path = join(app.dataDir, name);
  writeFileSync(path, content);
  return path;
}

async function history(): Promise<object[]> {
  const out = await app.ok(['history', '--region', 'west', '-o', 'json']);
  return (JSON.parse(out) as { items: object[] }).items;
}

it('meters what openstack-exporter exposes, and knows the capacity from it', async () => {
  const path = file('scrape.prom', `${SCRAPE.join('\n')}\n`);
  const out = await app.ok(['ingest', path, '--region', 'west', '--wait']);
  expect(out).toContain('rows=12 accepted=12 duplicate=0 conflict=0 quarantined=0 unmetered=2');
  const usage = await app.usage('west', '2026-10-05', '2026-10-06');
  const told = usage.map(({ project, resource, measure, class: own, quantity }) =>
    [project, resource, measure, own, Number(quantity).toFixed(4)].join(' '),
  );
  // Half an hour to the next scrape, and five minutes from that.
  expect(told.toSorted()).toEqual([
    'p1 v1 volume ssd 5.8333',
    'p1 vm1 cores m1.small 1.1667',
    'p1 vm1 disk m1.small 11.6667',
    'p1 vm1 instances m1.small 0.5833',
    'p1 vm1 ram m1.small 1.1667',
  ]);
  const capacity = JSON.parse(await app.ok(['capacity', '--region', 'west', '-o', 'json']));
  expect(capacity).toMatchObject({ hosts: 1, cores: { total: 115 } });
});

it('shows what CloudKitty rated until it is retracted, and meters nothing of it', async () => {
  const before = await app.usage('west', '2026-10-05', '2026-10-06');
  const path = file('rated.json', JSON.stringify(RATED));
  const out = await app.ok(['ingest', path, '--region', 'west', '--wait']);
  expect(out).toContain('rows=2 accepted=2');
  const expected = [
    {
      period: '2026-10',
      project: 'p1',
      type: 'volume.size',
      unit: 'GiB',
      quantity: '21',
      price: '0.24691357802469136',
      rows: 2,
    },
  ];
  expect(await history()).toMatchObject(expected);
  await app.ok(['ingest', file('again.json', JSON.stringify(RATED)), '--region', 'west', '--wait']);
  expect(await history()).toMatchObject(expected);
  expect(await app.usage('west', '2026-10-05', '2026-10-06')).toEqual(before);
  const answer = await fetch(`${app.url}/v1/ingests?region=west&limit=200`);
  const { items } = (await answer.json()) as { items: { id: string; format: string }[] };
  const own = items.filter(({ format }) => format === 'cloudkitty');
  expect(own).toHaveLength(2);
  for (const { id } of own) await app.ok(['retract', id, '--reason', 'of the test', '--wait']);
  expect(await history()).toEqual([]);
});
