import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { survey } from '../functions/surveyed-regions.ts';
import { type Server, serve } from './server.ts';

let server: Server;
beforeEach(async () => {
  server = await serve();
  await survey(server.ports);
});
afterEach(() => server.close());

const onTerminal = (words: string) => server.headroom(words.split(' '), { outIsTerminal: true });

describe('what could be given back', () => {
  it('is printed as a table with its evidence on a terminal', async () => {
    const { code, out } = await onTerminal('reclaim --region west');
    expect(code).toBe(0);
    expect(out).toMatch(/idle +vm-1 +p1 +a +m1\.large +30\.00 EUR +high +167 h: idle\n/);
    expect(out).toMatch(/unattached-volume +vol +p1 +a, b +m1\.large 40 GiB +20\.00 EUR/);
    expect(out).toMatch(/idle +vm-3 +p1 +m1\.large +- +high/);
  });

  it('is printed as data elsewhere: of a team, of all regions', async () => {
    const { out } = await server.headroom(['reclaim', '--team', 'b']);
    expect(JSON.parse(out)).toMatchObject([
      { resource: 'vol', costPerMonth: '15.00', teams: [{ team: 'b' }] },
    ]);
    const none = await onTerminal('reclaim --team nobody');
    expect(none.out).toBe('Nothing was found that could be given back.\n');
  });

  it('needs a region or a team', async () => {
    const { code, err } = await server.headroom(['reclaim']);
    expect(code).toBe(2);
    expect(err).toContain('--team T');
  });
});

describe('fit', () => {
  it('tells of one flavor, by name or by sizes', async () => {
    const named = await onTerminal('fit --region west --flavor m1.large');
    expect(named.out).toBe(
      [
        'west on 2026-11-21: 8 more of m1.large (24 in what is free, 16 kept in reserve), on 3 hosts',
        'runs out first: ram on 3; left over then: 204 cores, 0 GiB of RAM',
        '',
      ].join('\n'),
    );
    const sized = await onTerminal('fit --region west --vcpus 4 --memory-mib 8192');
    expect(sized.out).toContain('8 more of 4 vCPUs and 8192 MiB');
  });

  it('tells of the mix that stands, and of another', async () => {
    const { code, out } = await onTerminal('fit --region west --mix m1.large:1');
    expect(code).toBe(0);
    expect(out).toContain('8 more instances of the mix (24 to 24 in what is free, 16 kept');
    expect(out).toContain('first refused: m1.large, for want of MEMORY_MB');
    expect(out).toMatch(/VCPU +204 cores +79\.7 %/);
    const present = await server.headroom(['fit', '--region', 'west']);
    expect(JSON.parse(present.out)).toMatchObject({ mixFrom: 'metered' });
  });
});

describe('overcommit', () => {
  it('prints the ratios with the reason', async () => {
    const { out } = await onTerminal('overcommit --region west');
    expect(out).toContain('CPU: 5, now 4. P99 of the CPU that all instances of a host use');
    expect(out).toContain('RAM: 1, now 1. 1.0, as nothing tells what guests use of their RAM.');
  });
});
