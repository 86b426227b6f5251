import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CapacitySettings } from '../../../lib/capacity/capacity-settings.ts';
import type { NamedFlavor } from '../../../lib/capacity/flavors.ts';
import type { Host } from '../../../lib/capacity/hosts.ts';
import { packingView } from '../../../lib/capacity/packing-view.ts';
import { usableOn } from '../../../lib/capacity/usable.ts';
import { RegionSettings } from '../../../lib/metering/region-settings.ts';

const DAY = '2026-11-20';

const flavor = (name: string, vcpus: number, ramMib: number): NamedFlavor => ({
  ...{ name, vcpus, ramMib, diskGib: 0, origin: 'settings' },
});

const hosts = (count: number, cores: number, ramGib: number): Host[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `cmp-${index}`,
    amounts: {
      VCPU: { capacity: cores, used: 0 },
      MEMORY_MB: { capacity: ramGib * 1_024, used: 0 },
    },
  }));

describe('the worked examples of docs/capacity.md', () => {
  const unavailable = { failuresPerHostYear: 0.5, repairDays: 4, maintenanceShare: 0.005 };

  it.each<{ what: string; settings: CapacitySettings; usable: number }>([
    { what: 'by default 2 of 100 hosts', settings: {}, usable: 25_088 },
    { what: 'by failures 4', settings: { reserve: { unavailable } }, usable: 24_576 },
    {
      what: 'with room for a flavor of 16 vCPUs',
      settings: { reserve: { unavailable, roomForFlavor: 'xl' } },
      usable: 23_136,
    },
  ])('keep $what', ({ settings, usable }) => {
    const flavors = [flavor('xl', 16, 1_024)];
    const plan = { hosts: hosts(100, 256, 512), observedOn: DAY, settings, flavors };
    expect(usableOn(plan, 'VCPU', DAY).usable).toBe(usable);
  });

  it('strand 192 cores where RAM is full', () => {
    const plan = { hosts: hosts(3, 128, 128), observedOn: DAY, settings: {}, flavors: [] };
    const mix = [{ flavor: flavor('m1.large', 4, 8_192), count: 1 }];
    const view = packingView({ region: 'west', plan, mix, mixFrom: 'request', seed: 1 });
    expect(view.bindingResource).toBe('MEMORY_MB');
    expect(view.stranded).toContainEqual({
      ...{ resourceClass: 'VCPU', unit: 'cores', amount: 192, share: 0.75 },
    });
  });

  it('have settings that the API takes', () => {
    const file = new URL('../../../docs/examples/region-capacity.json', import.meta.url);
    const { success } = RegionSettings.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    expect(success).toBe(true);
  });
});
