import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exposed, told } from './exposed.ts';

const REAL = join(import.meta.dirname, '../../../../../shared/data/formats/exporter');

describe.skipIf(!existsSync(REAL))('real expositions (../shared/data/formats/exporter)', () => {
  it.each([
    { file: 'nova.prom', state: 'ingested' },
    { file: 'placement.prom', state: 'ingested' },
    { file: 'cinder.prom', state: 'ingested' },
    { file: 'glance.prom', state: 'ingested' },
    { file: 'neutron.prom', state: 'ingested' },
    { file: 'manila.prom', state: 'ingested' },
    { file: 'ironic.prom', state: 'refused' },
    { file: 'loadbalancer.prom', state: 'refused' },
    { file: 'objectstore.prom', state: 'refused' },
  ])('$file is $state', async ({ file, state }) => {
    const text = readFileSync(join(REAL, file), 'utf8');
    const { ingest } = await exposed(text);
    expect(ingest).toMatchObject({
      state,
      format: expect.stringMatching(/openstack-exporter|none/),
    });
    if (state === 'ingested') {
      const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      expect(ingest.counts).toMatchObject({ read: series.length, quarantined: 0 });
      expect(told(ingest)).toBe(series.length);
    } else expect(ingest.problem).toMatch(/None of the \d+ series/);
  });

  it('of nova and placement give the capacity that both tell', async () => {
    const files = ['nova.prom', 'placement.prom'].map((file) =>
      readFileSync(join(REAL, file), 'utf8'),
    );
    const { snapshots } = await exposed(...files);
    expect(snapshots.map(({ source, hosts }) => [source, hosts.map(({ host }) => host)])).toEqual([
      ['nova', ['host1']],
      ['placement', ['cmp-1-svr8204.localdomain', 'cmp-5-svr8208.localdomain']],
    ]);
    expect(snapshots[1]?.hosts[0]?.inventories['MEMORY_MB']).toEqual({
      total: 772_447,
      reserved: 8_192,
      allocationRatio: '1.3',
      used: 1_945,
    });
  });
});
