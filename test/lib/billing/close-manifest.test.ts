import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CloseInput } from '../../../lib/billing/close-input.ts';
import { closeMonth } from '../../../lib/billing/close-month.ts';
import { card, octoberHour, rule, team, usageRow } from '../rating/documents.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const nothing = { teams: [], adjustments: [], pools: [], exchangeRates: [], usage: [], cards: [] };
const closed = (changes: Partial<CloseInput>) =>
  closeMonth({ period: '2026-10', ...nothing, ...changes });
const ids = (inputs: readonly { readonly id: string }[]) => inputs.map(({ id }) => id).join(' ');

const pool = (id: string, changes: object = {}) => ({
  ...{ id, region: 'west', period: '2026-10', currency: 'EUR', amount: '1', idle: 'spread' },
  ...{ weights: { cores: '1' }, ...changes },
});
const rate = (id: string, from: string, date: string) => ({
  ...{ id, from, to: 'EUR', rate: '0.5', date },
});

describe('the manifest of a close', () => {
  it('lists what counts in the month, by id, and adjustments in the order they apply', async () => {
    const { manifest } = await closed({
      cards: [
        card({ id: 'b', effectiveFrom: '2026-02-01', currency: 'USD' }),
        card({ id: 'a', effectiveFrom: '2026-10-02', currency: 'GBP' }),
        card({ id: 'old', currency: 'JPY' }),
        card({ id: 'next', effectiveFrom: '2026-11-01' }),
      ],
      teams: [team('red', []), team('blue', [])],
      adjustments: [
        { id: 'z', type: 'discount', percent: '1' },
        { id: 'y', type: 'discount', percent: '1', from: '2027-01' },
      ],
      pools: [pool('q'), pool('p', { region: 'east' }), pool('o', { period: '2026-09' })],
      exchangeRates: [
        rate('u', 'USD', '2026-10-31'),
        rate('old', 'USD', '2026-09-30'),
        rate('g', 'GBP', '2026-09-30'),
        rate('j', 'JPY', '2026-09-30'),
        rate('next', 'GBP', '2026-11-01'),
      ],
    });
    const { usageSha256, ...pricing } = manifest;
    expect(Object.entries(pricing).map(([kind, inputs]) => `${kind}: ${ids(inputs)}`)).toEqual([
      'cards: a b',
      'teams: blue red',
      'adjustments: z y',
      'pools: p q',
      'exchangeRates: g u',
    ]);
    expect(usageSha256).toBe(sha256(''));
  });

  it('has the hash of each document as canonical JSON', async () => {
    const document = { projects: [], id: 'red', name: 'Red' };
    const { manifest } = await closed({ cards: [card()], teams: [document] });
    const text = '{"id":"red","name":"Red","projects":[]}';
    expect(manifest.teams).toEqual([{ id: 'red', sha256: sha256(text) }]);
  });

  it('has one hash of all usage, hour by hour', async () => {
    const usage = [744, 5, 3, 3].map((hour) => usageRow({ hour: octoberHour(hour) }));
    const { manifest } = await closed({ cards: [card()], usage });
    const row = (quantity: string) =>
      `${JSON.stringify(['west', 'p1', 'cores', 'm1.small', '', quantity])}\n`;
    const hours = `3 ${sha256(row('2'))}\n5 ${sha256(row('1'))}\n`;
    expect(manifest.usageSha256).toBe(sha256(hours));
  });
});

describe('a closed month', () => {
  it('tells its hours without a card: none where pools alone price', async () => {
    const from = (effectiveFrom: string) => closed({ cards: [card({ effectiveFrom })] });
    expect((await from('2026-10-01')).hoursWithoutCard).toBe(0);
    expect((await from('2026-10-02T03:00:00Z')).hoursWithoutCard).toBe(27);
    expect((await from('2026-11-01')).hoursWithoutCard).toBe(0);
    expect((await closed({ pools: [pool('p')] })).hoursWithoutCard).toBe(0);
  });

  it('hashes currency, month, bills and what is unrated', async () => {
    const usage = [usageRow(), usageRow({ measure: 'ram', quantity: '2' })];
    const { bills, sha256: own, ...month } = await closed({ cards: [card()], usage });
    expect(month).toMatchObject({ period: '2026-10', currency: 'EUR' });
    const key = '"class":"m1.small","measure":"ram","project":"p1","quantity":"2","region":"west"';
    const text = `{"bills":[{"sha256":"${bills[0]?.sha256}","team":"unassigned"}],"currency":"EUR","period":"2026-10","unrated":[{${key},"team":"unassigned"}]}`;
    expect(own).toBe(sha256(text));
  });

  it('has each bill with the rates that it was converted at, under its hash', async () => {
    const { bills } = await closed({
      cards: [card({ currency: 'USD', rules: [rule()] })],
      usage: [usageRow({ quantity: '4' })],
      exchangeRates: [rate('u', 'USD', '2026-10-31')],
    });
    const [first] = bills;
    expect(first?.bill).toMatchObject({
      ...{ currency: 'EUR', period: '2026-10', team: 'unassigned', total: '2.00' },
      exchangeRates: [{ from: 'USD', to: 'EUR', rate: '0.5', date: '2026-10-31' }],
    });
  });
});
