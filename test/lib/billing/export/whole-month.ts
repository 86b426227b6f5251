import type { CloseInput } from '../../../../lib/billing/close-input.ts';
import { octoberHour, usageRow } from '../../rating/documents.ts';

const HOURS = [0, 1, 2, 100, 743];

/** A month that has a line of every kind that a bill can have. */
export const WHOLE_MONTH: CloseInput = {
  period: '2026-10',
  usage: [
    ...HOURS.flatMap((hour) => [
      usageRow({ hour: octoberHour(hour), quantity: '4.123456789012' }),
      usageRow({ hour: octoberHour(hour), project: 'p2', quantity: '100.5' }),
      usageRow({ hour: octoberHour(hour), measure: 'ram', quantity: '32' }),
      usageRow({ hour: octoberHour(hour), measure: 'instances', quantity: '1', resource: 'vm-1' }),
      usageRow({ hour: octoberHour(hour), measure: 'volume', class: 'ssd', quantity: '500' }),
      usageRow({ hour: octoberHour(hour), measure: 'egress', class: '', quantity: '7.7' }),
      usageRow({ hour: octoberHour(hour), measure: 'floating_ip', class: '', quantity: '2' }),
      usageRow({ hour: octoberHour(hour), measure: 'image', class: '', quantity: '3' }),
      usageRow({ hour: octoberHour(hour), region: 'east', project: 'p3', quantity: '8' }),
      usageRow({ hour: octoberHour(hour), region: 'east', project: 'p9', quantity: '1' }),
    ]),
  ],
  cards: [
    {
      id: 'std',
      currency: 'EUR',
      effectiveFrom: '2026-01-01',
      rules: [
        {
          id: 'cores',
          measure: 'cores',
          price: {
            model: 'graduated',
            bands: [{ upTo: '100', unitPrice: '0.0123' }, { unitPrice: '0.0099' }],
          },
          allowance: '10',
          minimum: '9.00',
        },
        { id: 'ram', measure: 'ram', price: { model: 'unit', unitPrice: '0.00373737' } },
        {
          id: 'vms',
          measure: 'instances',
          price: { model: 'flat', amount: '25.00', per: 'resource-month' },
        },
        {
          id: 'volumes',
          measure: 'volume',
          price: {
            model: 'volume',
            bands: [{ upTo: '1000', unitPrice: '1' }, { unitPrice: '0.5' }],
          },
        },
        {
          id: 'egress',
          measure: 'egress',
          price: { model: 'package', size: '5', packagePrice: '1.10' },
        },
        { id: 'ips', measure: 'floating_ip', price: { model: 'flat', amount: '3', per: 'month' } },
        {
          id: 'images',
          measure: 'image',
          price: { model: 'unit', unitPrice: '-0.1' },
          allowCredit: true,
        },
      ],
    },
  ],
  teams: [
    {
      id: 'payments',
      projects: [
        { project: 'p1', share: 100 },
        { project: 'p3', share: 100 },
      ],
    },
    { id: 'search', projects: [{ project: 'p2', share: '33.3' }] },
  ],
  adjustments: [
    {
      id: 'reserved',
      type: 'commitment',
      team: 'payments',
      measure: 'cores',
      quantityPerHour: '2',
      unitPrice: '0.0071',
    },
    { id: 'friends', type: 'discount', team: 'payments', percent: '12.5' },
    { id: 'least', type: 'minimum', team: 'search', amount: '500.00' },
    { id: 'carbon', type: 'surcharge', percent: '3' },
    { id: 'setup', type: 'charge', team: 'search', amount: '30.00', reason: 'New "rack"; see T-1' },
    { id: 'sorry', type: 'credit', team: 'payments', amount: '1.23', reason: '=cmd|x' },
  ],
  pools: [
    {
      id: 'east-2026-10',
      region: 'east',
      period: '2026-10',
      currency: 'USD',
      amount: '100.00',
      weights: { cores: '70', ram: '30' },
      idle: 'keep',
      capacity: { cores: '90', ram: '100' },
      idleTeam: 'payments',
    },
  ],
  exchangeRates: [{ id: 'usd', from: 'USD', to: 'EUR', rate: '0.9137', date: '2026-10-30' }],
};
