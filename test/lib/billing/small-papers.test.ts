import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { BillLine } from '../../../lib/billing/bill.ts';
import { billsCsv } from '../../../lib/billing/bills-csv.ts';
import { draftNote } from '../../../lib/billing/note.ts';
import { poolCosts } from '../../../lib/billing/pool-costs.ts';
import { canonicalJson } from '../../../lib/billing/sha256.ts';
import { wordingOf } from '../../../lib/billing/wording.ts';

it('unit costs of pools stand by region, pool and measure', () => {
  const line = (region: string, pool: string, measure: string): BillLine => ({
    ...{ region, measure, rule: pool, project: 'p', class: '', card: '', band: 0 },
    ...{ quantity: '1', amount: '1.00' },
  });
  const keys = ['b p1 m1', 'a p2 m1', 'a p1 m2', 'a p1 m1', 'a p2 m1'];
  const lines = keys.map((key) => {
    const [region = '', pool = '', measure = ''] = key.split(' ');
    return line(region, pool, measure);
  });
  const told = poolCosts(lines, 'EUR').map((one) =>
    [one.region, one.pool, one.measure, one.used, one.charged].join(' '),
  );
  expect(told).toEqual(['a p1 m1 1 1.00', 'a p1 m2 1 1.00', 'a p2 m1 2 2.00', 'b p1 m1 1 1.00']);
});

it('a bill says that it is no tax invoice, unless the settings word it otherwise', () => {
  const statement = 'Internal recharge, not a tax invoice.';
  expect(wordingOf({ id: 'default' })).toEqual({ issuer: '', statement });
  const own = { issuer: 'Cloud', statement: '' };
  expect(wordingOf({ id: 'default', ...own })).toEqual(own);
});

it('a note is drafted without a number, under the hash of what it says', async () => {
  const note = {
    kind: 'debit',
    ...{ currency: 'EUR', team: 't', total: '0.00', lines: [] },
    corrects: { period: '2026-10', number: null, sha256: null },
  } as const;
  const text = canonicalJson(note);
  expect(await draftNote(note)).toEqual({
    ...{ number: null, note },
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  expect(text.startsWith('{"corrects":{"number":null,"period":"2026-10"')).toBe(true);
});

it('nothing has no JSON and no hash', () => {
  expect(() => canonicalJson(undefined)).toThrow('a value has no JSON');
});

it('an estimate has no number in CSV', () => {
  const bill = { period: '2026-10', currency: 'EUR', team: 't' };
  const line = {
    ...{ project: 'p', region: 'west', measure: 'cores', class: '', rule: 'r', card: 'c', band: 0 },
    ...{ quantity: '1', amount: '1.00' },
  };
  const csv = billsCsv([
    { number: null, revision: 0, state: 'estimate', bill: { ...bill, lines: [line] } },
  ]);
  expect(csv.split('\r\n')[1]).toMatch(/^"",0,"estimate","2026-10","EUR","t","p","",/);
});
