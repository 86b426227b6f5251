import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeMonth } from '../../lib/billing/close-month.ts';
import { card, rule, team, usageRow } from '../lib/rating/documents.ts';
import { type Server, serve } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

let server: Server;
beforeEach(async () => {
  server = await serve();
  await bill();
});
afterEach(() => server.close());

/** Instances at 0.5 an hour for p1 and p2, and images that no rule prices. */
async function bill(): Promise<void> {
  const closed = await closeMonth({
    period: '2026-10',
    usage: [
      usageRow({ measure: 'instances', quantity: '100' }),
      usageRow({ measure: 'instances', quantity: '10', project: 'p2' }),
      usageRow({ measure: 'image', quantity: '7' }),
    ],
    cards: [
      card({ rules: [rule({ measure: 'instances', price: { model: 'unit', unitPrice: '0.5' } })] }),
    ],
    teams: [team('payments', [{ project: 'p1' }])],
    adjustments: [],
    pools: [],
    exchangeRates: [],
  });
  const { currency, unrated, sha256 } = closed;
  const bills = closed.bills.map((one) => ({
    period: '2026-10',
    revision: 1,
    team: one.bill.team,
    state: 'draft' as const,
    number: null,
    sha256: one.sha256,
    currency,
    total: one.bill.total,
    body: one.bill,
    generatedAt: '2026-11-03T00:00:00Z',
  }));
  await server.ports.bills.putBills('2026-10', 1, bills, { currency, unrated });
  const record = { period: '2026-10', state: 'draft' as const, revision: 1, sha256 };
  await server.ports.bills.putPeriod(
    {
      ...record,
      manifestKey: null,
      closedBy: 'ada',
      issuedBy: null,
      updatedAt: '2026-11-03T00:00:00Z',
    },
    null,
  );
}

const WINDOW = ['2026-10-01T00:00:00+00:00', '2026-11-01T00:00:00+00:00'];
const SUMMARY = {
  total: 3,
  columns: ['begin', 'end', 'qty', 'rate', 'project_id', 'type'],
  results: [
    [...WINDOW, 100, 50.0000000001, 'p1', 'instance'],
    [...WINDOW, 10, 6, 'p2', 'instance'],
    [...WINDOW, 5, 1.25, 'p9', 'ip.floating'],
  ],
};

function compare(summary: unknown, ...flags: string[]) {
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(summary));
  const args = ['compare', 'cloudkitty', 'summary.json', '--period', '2026-10', ...flags];
  return server.headroom(args, { cwd: folder });
}

describe('headroom compare cloudkitty', () => {
  it('puts both months side by side, by project and measure', async () => {
    const { out, code, err } = await compare(SUMMARY, '-o', 'json');
    expect(err).toBe('');
    expect(code).toBe(0);
    const { rows, ...totals } = JSON.parse(out);
    expect(
      rows.map((row: Record<string, unknown>) => [row['project'], row['measure'], row['note']]),
    ).toEqual([
      ['p1', 'image', 'not priced'],
      ['p1', 'instances', 'equal'],
      ['p2', 'instances', 'differs'],
      ['p9', 'floating_ip', 'only in CloudKitty'],
    ]);
    expect(totals).toEqual({
      currency: 'EUR',
      cloudkitty: '57.2500000001',
      headroom: '55',
      difference: '-2.2500000001',
    });
  });

  it('takes objects, and the measure of a metric with a name of its own', async () => {
    const [begin, end] = WINDOW;
    const results = [{ begin, end, qty: 100, rate: 50, project_id: 'p1', type: 'compute' }];
    const { out } = await compare({ results }, '--measure', 'compute=instances', '-o', 'json');
    expect(JSON.parse(out).rows[1]).toMatchObject({ measure: 'instances', note: 'equal' });
  });

  it.each([
    ['what is no summary', { dataframes: [] }, [], 'is no summary of CloudKitty', 1],
    [
      'a rate that is none',
      { results: [{ begin: WINDOW[0], end: WINDOW[1], qty: 1, rate: 'x' }] },
      [],
      '/results/0',
      1,
    ],
    ['a measure that says nothing', SUMMARY, ['--measure', 'compute'], 'TYPE=MEASURE', 2],
  ])('refuses %s', async (_name, summary, flags, message, expected) => {
    const { err, code } = await compare(summary, ...flags);
    expect(err).toContain(message);
    expect(code).toBe(expected);
  });
});
