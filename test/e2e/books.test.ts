import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPdf } from '../lib/billing/export/pdf-reader.ts';
import { readXlsx } from '../lib/billing/export/xlsx-reader.ts';
import { App } from './app.ts';

const app = new App();
beforeAll(async () => await app.start(), 180_000);
afterAll(async () => {
  await app.stop();
  await app.remove();
});

const CARD = {
  id: 'std',
  currency: 'EUR',
  effectiveFrom: '2026-01-01',
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '1' } }],
};
const SAMPLES = Array.from({ length: 24 }, (_, hour) => ({
  counter_name: 'vcpus',
  counter_type: 'gauge',
  counter_unit: 'vcpu',
  counter_volume: 2,
  resource_id: 'vm-1',
  project_id: 'p1',
  user_id: 'u',
  timestamp: `2026-10-05T${String(hour).padStart(2, '0')}:00:00`,
  message_id: `m-${hour}`,
  resource_metadata: { flavor: { name: 'm1.small' } },
}));

it('holds an estimate against a budget, books the close and verifies the log of it all', async () => {
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(app.dataDir, name), text);
    return join(app.dataDir, name);
  };
  await app.ok(['apply', '-f', await file('card.json', JSON.stringify(CARD)), '--as', 'ann']);
  const teams = await file(
    'teams.csv',
    'id,name,cost_centre,gl_account,budget_amount,project\npayments,Payments,0420,6400,40,p1\n',
  );
  await app.ok(['teams', 'import', teams, '--as', 'ann']);
  const samples = await file('day.jsonl', SAMPLES.map((row) => JSON.stringify(row)).join('\n'));
  await app.ok(['ingest', samples, '--region', 'west', '--wait']);
  // 23 hours of 2 vCPUs and one of 300 s: 46.17 of 40.
  const events = async (): Promise<string[]> => {
    const text = await readFile(join(app.dataDir, 'events.jsonl'), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  };
  await expect.poll(async () => (await events()).length, { timeout: 120_000 }).toBe(4);
  const lines = await events();
  const ids = lines.map((line) => (JSON.parse(line) as { detail: { id: string } }).detail.id);
  expect(ids.toSorted()).toEqual(
    [
      'budget/2026-10/actual/100/payments',
      'budget/2026-10/actual/50/payments',
      'budget/2026-10/actual/80/payments',
      'budget/2026-10/projected/100/payments',
    ].toSorted(),
  );
  const [budget] = JSON.parse(await app.ok(['budgets', '--period', '2026-10', '-o', 'json']));
  expect(budget).toMatchObject({ team: 'payments', actual: '46.17', currency: 'EUR' });
  const told = budget.thresholds as { toldAt: string | null }[];
  expect(told.every(({ toldAt }) => toldAt !== null)).toBe(true);
  await app.ok(['close', '2026-10', '--accept-gaps', 'one day of test', '--as', 'ada']);
  const journal = await app.ok(['bill', 'export', '--period', '2026-10', '--format', 'journal']);
  expect(
    journal
      .split('\r\n')
      .slice(1, 3)
      .map((row) => row.split(',').slice(5, 9)),
  ).toEqual([
    ['"0420"', '"6400"', '46.17', ''],
    ['""', '""', '', '46.17'],
  ]);
  const paper = join(app.dataDir, 'bills.pdf');
  await app.ok(['bill', 'export', '--period', '2026-10', '--format', 'pdf', '--file', paper]);
  const exported = await readFile(paper);
  expect((await readPdf(exported)).text).toContain('Total EUR 46.17');
  // By the function that answers at once the same bytes, and a workbook.
  const asked = async (format: string) => {
    const answer = await fetch(`${app.url}/v1/bills?period=2026-10&format=${format}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  expect(exported.equals(await asked('pdf'))).toBe(true);
  const [documents] = readXlsx(await asked('xlsx'));
  expect(documents?.rows.at(-1)?.['total']?.value).toBe('46.17');
  expect(await app.ok(['audit', 'verify'])).toMatch(/^ok entries=\d+ anchors=1 head=/);
  const entries = JSON.parse(await app.ok(['audit', 'list', '-o', 'json'])) as { action: string }[];
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'rate-card.put',
      'team.put',
      'period.close',
      'period.claimed',
      'period.closed',
    ]),
  );
}, 240_000);
