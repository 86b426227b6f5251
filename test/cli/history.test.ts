import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import type { RatedSum } from '../../lib/ports/rated-history.ts';
import { type Server, serve } from './server.ts';

const WEST = parseRegion('west');

const SUM: RatedSum = {
  project: 'p1',
  type: 'volume.size',
  unit: 'GiB',
  source: 'dataframes',
  groupedBy: [],
  windowSeconds: null,
  quantity: '1.5',
  price: '0.25',
  rows: 3,
};
const SUMMARY: RatedSum = {
  ...SUM,
  unit: '',
  source: 'summary',
  groupedBy: ['project_id', 'type'],
  windowSeconds: 2_592_000,
  rows: 1,
};

let server: Server;
beforeEach(async () => {
  server = await serve();
  await server.ports.regions.ensure(WEST, new Date(0));
});
afterEach(() => server.close());

async function rated(date: string, sums: readonly RatedSum[]): Promise<void> {
  await server.ports.rated.replace({ region: WEST, date, sums }, 0);
}

describe('history', () => {
  it('prints what was rated, added up by the month', async () => {
    await rated('2026-09-01', [SUM, SUMMARY]);
    await rated('2026-09-30', [SUM]);
    await rated('2026-10-01', [{ ...SUM, project: '', type: 'image.size' }]);
    const { code, out } = await server.headroom(['history', '-o', 'table']);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
      ['region', 'period', 'project', 'type', 'quantity', 'unit', 'price', 'from'],
      [
        'west',
        '2026-09',
        'p1',
        'volume.size',
        '1.5',
        '-',
        '0.25',
        expect.stringMatching(/^1 row of a summary by project_id,type, each over 720 h$/),
      ],
      ['west', '2026-09', 'p1', 'volume.size', '3', 'GiB', '0.5', '6 rows of dataframes'],
      ['west', '2026-10', '-', 'image.size', '1.5', 'GiB', '0.25', '3 rows of dataframes'],
      [''],
    ]);
  });

  it('prints one month, region or project as JSON', async () => {
    await rated('2026-09-01', [SUM, { ...SUM, project: 'p2' }]);
    await rated('2026-10-01', [SUM]);
    const items = async (...flags: string[]) => {
      const { out } = await server.headroom(['history', ...flags, '-o', 'json']);
      return (JSON.parse(out) as { items: { period: string; project: string }[] }).items;
    };
    expect(await items('--period', '2026-10')).toMatchObject([{ ...SUM, region: 'west' }]);
    expect(await items('--project', 'p2')).toMatchObject([{ project: 'p2', period: '2026-09' }]);
    expect(await items('--region', 'west', '--period', '2026-08')).toEqual([]);
  });

  it('follows the pages of a long list', async () => {
    const sums = Array.from({ length: 450 }, (_, index) => ({ ...SUM, project: `p${index}` }));
    await rated('2026-09-01', sums);
    const { out } = await server.headroom(['history', '-o', 'json']);
    const { items } = JSON.parse(out) as { items: { project: string }[] };
    expect(new Set(items.map(({ project }) => project)).size).toBe(450);
    expect(items).toHaveLength(450);
  });

  it('says so when there is none, and what a month is', async () => {
    const none = await server.headroom(['history', '-o', 'table']);
    expect(none).toMatchObject({ code: 0, out: '', err: expect.stringMatching(/CloudKitty/) });
    const wrong = await server.headroom(['history', '--period', 'September']);
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringMatching(/2026-10, not "September"/),
    });
    const region = await server.headroom(['history', '--region', 'nowhere']);
    expect(region).toMatchObject({ code: 1, err: expect.stringMatching(/no region "nowhere"/) });
  });
});
