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

const unit = (id: string, unitPrice: string, match: object = {}) => ({
  ...{ id, measure: 'cores', match, price: { model: 'unit', unitPrice } },
});
const CARD = {
  ...{ id: 'std', currency: 'EUR', effectiveFrom: '2026-01-01' },
  rules: [unit('cores', '1'), unit('prod', '3', { metadata: { environment: 'prod' } })],
};
const SETTINGS = {
  region: 'west',
  metering: [{ from: '2026-10-01', gapToleranceSeconds: 7_200, labels: ['environment'] }],
  flavors: [{ name: 'm1.small', vcpus: 2, ramMib: 4_096 }],
};
const sample = (hour: number, environment: string) => ({
  ...{ counter_name: 'vcpus', counter_type: 'gauge', counter_unit: 'vcpu', counter_volume: 2 },
  ...{ resource_id: 'vm-1', project_id: 'p1', user_id: 'u', message_id: `m-${hour}` },
  timestamp: `2026-10-05T${String(hour).padStart(2, '0')}:00:00`,
  resource_metadata: { flavor: { name: 'm1.small' }, user_metadata: { environment } },
});

it('bills by what users say of a server, and explains, compares and prices it', async () => {
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(app.dataDir, name), text);
    return join(app.dataDir, name);
  };
  await app.ok(['apply', '-f', await file('card.json', JSON.stringify(CARD)), '--as', 'cleo']);
  await app.ok(['apply', '-f', await file('west.json', JSON.stringify(SETTINGS))]);
  const rows = [...Array(12).keys()].map((hour) => sample(hour, hour < 6 ? 'test' : 'prod'));
  const samples = await file('day.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  await app.ok(['ingest', samples, '--region', 'west', '--wait']);
  await app.ok(['close', '2026-10', '--accept-gaps', 'one day of test', '--as', 'ada']);
  const told = JSON.parse(await app.ok(['bill', 'explain', '2026-10', 'unassigned', '-o', 'json']));
  // 6 hours of 2 cores at 1, then 5 hours and 300 s at 3.
  expect(told).toMatchObject({
    ...{ state: 'draft', total: '42.50', lineCount: 2 },
    lines: [
      {
        ...{ rule: 'cores', quantity: '12', amount: '12.00' },
        price: { version: 1, author: { actor: 'cleo' } },
      },
      { rule: 'prod', quantity: '10.166666666667', amount: '30.50' },
    ],
  });
  const by = ['--region', 'west', '--from', '2026-10-05', '--to', '2026-10-06'];
  const used = await app.ok(['usage', ...by, '--by', 'measure,label:environment', '-o', 'json']);
  expect(JSON.parse(used).slice(0, 2)).toEqual([
    { measure: 'cores', metadata: { environment: 'prod' }, quantity: '10.166666666667' },
    { measure: 'cores', metadata: { environment: 'test' }, quantity: '12' },
  ]);
  const labels = await app.ok(['bill', 'labels', '2026-10', '--label', 'environment']);
  expect(labels).toMatch(/^unassigned +cores +prod +10.166666666667 +30.50$/m);
  expect(labels).toMatch(/^unassigned +cores +test +12 +12.00$/m);
  const card = { ...CARD, id: 'public', rules: [unit('any', '2')] };
  const other = await file('public.json', JSON.stringify(card));
  expect(await app.ok(['bill', 'compare', '2026-10', '--card', other])).toMatch(
    /^unassigned +cores +22.166666666667 +42.50 +44.33 +1.83$/m,
  );
  expect(await app.ok(['price', '--flavor', 'm1.small', '--hours', '10'])).toContain('20.00 EUR');
});
