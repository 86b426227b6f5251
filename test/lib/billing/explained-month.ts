import { readInputs } from '../../../lib/billing/close-input.ts';
import { type ExplainedLine, explainBill } from '../../../lib/billing/explain-bill.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import type { KnownDocument } from '../../../lib/billing/price-terms.ts';

const used = (measure: string, quantity: string, changes: object = {}) => ({
  ...{ region: 'west', project: "p'1", measure, class: 'm1', resource: 'r1' },
  ...{ hour: '2026-10-05T10:00:00Z', quantity, ...changes },
});
const rule = (id: string, price: object, more: object = {}) => ({
  id,
  measure: id,
  price,
  ...more,
});
const adjustment = (id: string, type: string, more: object) => ({
  id,
  type,
  team: 'blue',
  ...more,
});
const bands = [{ upTo: '4', unitPrice: '1' }, { unitPrice: '0.5' }];
const hashmap = { mappings: [{ service: 's', type: 'flat', cost: '0.5' }] };

/** A month with a line of each kind and price, half of whose first days is another team's. */
const MONTH = readInputs({
  period: '2026-10',
  usage: [
    used('unit', '10', { class: '' }),
    used('unit', '4', { class: '', hour: '2026-10-20T00:00:00Z' }),
    used('graduated', '12'),
    used('volume', '12'),
    used('package', '5'),
    used('month', '2'),
    used('resource', '3'),
    used('hashmap', '2'),
    used('pooled', '3', { region: 'east' }),
    used('dollar', '3', { hour: '2026-10-30T00:00:00Z' }),
  ] as never,
  cards: [
    {
      ...{ id: 'std', currency: 'EUR', effectiveFrom: '2026-01-01' },
      rules: [
        rule('unit', { model: 'unit', unitPrice: '0.333' }, { allowance: '2', minimum: '4' }),
        rule('graduated', { model: 'graduated', bands }),
        rule('volume', { model: 'volume', bands }, { allowance: '0' }),
        rule('package', { model: 'package', size: '2', packagePrice: '1.25' }),
        rule('month', { model: 'flat', amount: '9', per: 'month' }),
        rule('resource', { model: 'flat', amount: '10', per: 'resource-month' }),
        rule('hashmap', { model: 'hashmap', service: 's', rules: hashmap }),
      ],
    },
    {
      ...{ id: 'usd', currency: 'USD', effectiveFrom: '2026-10-30' },
      rules: [rule('dollar', { model: 'unit', unitPrice: '1.1' })],
    },
  ],
  teams: [
    {
      id: 'blue',
      projects: [
        { project: "p'1", share: '50', to: '2026-10-10' },
        { project: "p'1", from: '2026-10-10' },
      ],
    },
  ],
  adjustments: [
    adjustment('keep', 'commitment', {
      ...{ measure: 'unit', quantityPerHour: '1', unitPrice: '0.25' },
      ...{ from: '2026-10-05', to: '2026-10-06' },
    }),
    adjustment('off', 'discount', { percent: '10', measure: 'unit', project: "p'1" }),
    adjustment('cut', 'discount', { amount: '1.005' }),
    adjustment('least', 'minimum', { amount: '200.005' }),
    adjustment('more', 'surcharge', { percent: '2.5' }),
    adjustment('setup', 'charge', { amount: '5', reason: 'set up' }),
    adjustment('outage', 'credit', { amount: '3', reason: 'down' }),
  ],
  pools: [
    {
      ...{ id: 'pool', region: 'east', period: '2026-10', currency: 'USD', amount: '100' },
      ...{ weights: { pooled: '2', idle: '1' }, idle: 'keep', capacity: { pooled: '7' } },
      idleTeam: 'blue',
    },
    {
      ...{ id: 'power', region: 'east', period: '2026-10', currency: 'EUR', amount: '10' },
      ...{ weights: { pooled: '1' }, idle: 'spread' },
    },
  ],
  exchangeRates: [{ id: 'x', from: 'USD', to: 'EUR', rate: '0.9', date: '2026-10-31' }],
});
const AUTHOR = { actor: 'ann', at: '2026-10-02T00:00:00Z' };
const DOCUMENTS = new Map<string, KnownDocument>([
  ['card std', { version: 3 }],
  ['pool pool', { version: 2 }],
  ['adjustment setup', { version: 1, author: AUTHOR }],
]);
const unitOf = (measure: string) => (measure === 'unit' ? 'core-hour' : null);

export async function explainedLines(): Promise<ExplainedLine[]> {
  const priced = await priceMonth({ ...MONTH, traced: true });
  return explainBill(priced, 'blue', { documents: DOCUMENTS, unitOf });
}
