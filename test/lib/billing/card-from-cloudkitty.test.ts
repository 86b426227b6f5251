import { describe, expect, it } from 'vitest';
import {
  type CardTerms,
  cardFromCloudKitty,
  DEFAULT_UNITS,
} from '../../../lib/billing/card-from-cloudkitty.ts';
import { DEFAULT_MEASURES } from '../../../lib/billing/compare-cloudkitty.ts';
import { readHashmapRules } from '../../../lib/rating/hashmap/hashmap-rules.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';

const TERMS: CardTerms = {
  ...{ id: 'ck', currency: 'EUR', effectiveFrom: '2026-10-01', measures: DEFAULT_MEASURES },
  ...{ units: DEFAULT_UNITS, without: new Set<string>() },
};
const CONFIGURATION = {
  mappings: [
    { service: 'instance', field: 'image', value: 'win', type: 'rate', cost: '1.50', group: 'os' },
    {
      ...{ service: 'instance', field: 'flavor_name', value: 'm1', type: 'flat', cost: '0.5' },
      ...{ tenant: 'p2', start: '2026-10-02T00:00:00', end: '2026-11-01T00:00:00' },
    },
    { service: 'image.size', type: 'flat', cost: '2' },
    { service: 'weather', field: 'colour', value: 'red', type: 'flat', cost: '1' },
  ],
  thresholds: [
    { service: 'instance', level: '10.0', type: 'rate', cost: '0.9' },
    { service: 'instance', field: 'colour', level: '3', type: 'flat', cost: '1' },
  ],
};

const made = (terms: Partial<CardTerms> = {}, configuration: unknown = CONFIGURATION) =>
  cardFromCloudKitty(readHashmapRules(configuration), {
    ...TERMS,
    without: new Set(['weather']),
    ...terms,
  });

describe('a rate card of a hashmap configuration', () => {
  it('has a rule a service, with the rules of that service in their order', () => {
    const { card, labels } = made();
    expect(card).toStrictEqual({
      ...{ id: 'ck', currency: 'EUR', effectiveFrom: '2026-10-01' },
      rules: [
        {
          ...{ id: 'instance', measure: 'instances' },
          price: {
            ...{ model: 'hashmap', service: 'instance', labels: ['image', 'colour'] },
            rules: {
              mappings: [
                {
                  ...{ service: 'instance', field: 'image', value: 'win', group: 'os' },
                  ...{ type: 'rate', cost: '1.5' },
                },
                {
                  ...{ service: 'instance', field: 'flavor_name', value: 'm1', group: '_DEFAULT_' },
                  ...{ type: 'flat', cost: '0.5', tenant: 'p2' },
                  ...{ start: '2026-10-02T00:00:00Z', end: '2026-11-01T00:00:00Z' },
                },
              ],
              thresholds: [
                {
                  ...{ service: 'instance', group: '_DEFAULT_', type: 'rate', cost: '0.9' },
                  level: '10',
                },
                {
                  ...{ service: 'instance', field: 'colour', group: '_DEFAULT_' },
                  ...{ type: 'flat', cost: '1', level: '3' },
                },
              ],
            },
          },
        },
        {
          ...{ id: 'image.size', measure: 'image' },
          price: {
            ...{ model: 'hashmap', service: 'image.size', unitsPerQuantity: '1024' },
            rules: {
              mappings: [{ service: 'image.size', group: '_DEFAULT_', type: 'flat', cost: '2' }],
              thresholds: [],
            },
          },
        },
      ],
    });
    expect(labels).toEqual(['colour', 'image']);
    expect(readRateCard(card).rules).toHaveLength(2);
  });

  it('needs a measure of each service, or that it is left out', () => {
    expect(() => made({ without: new Set() })).toThrow(
      'No measure is known for "weather": say which it is (--measure weather=MEASURE), or leave it out of the card (--without weather).',
    );
    expect(() => made({ without: new Set(), measures: new Map() })).toThrow(
      'No measure is known for "instance", "image.size", "weather": say which it is (--measure instance=',
    );
    const measures = new Map([...DEFAULT_MEASURES, ['weather', 'weather']]);
    const { card } = made({ without: new Set(), measures });
    expect(readRateCard(card).rules.map(({ measure }) => measure)).toEqual([
      ...['instances', 'image', 'weather'],
    ]);
  });

  it('has no two services of one measure', () => {
    const twice = {
      mappings: ['snapshot.size', 'volume.snapshot.size'].map((service) => ({
        service,
        cost: '1',
      })),
    };
    const refusal = () => made({}, twice);
    expect(refusal).toThrow(
      'snapshot.size and volume.snapshot.size are one measure, "snapshot", which would be charged by two rules: leave one out (--without volume.snapshot.size).',
    );
    expect(refusal).toThrow(expect.objectContaining({ kind: 'refused' }));
    expect(made({ without: new Set(['snapshot.size']) }, twice).labels).toEqual([]);
  });

  it('is a card that can be applied, or none', () => {
    expect(() => made({ currency: 'euro' })).toThrow('/currency: must be an active ISO 4217 code');
  });
});
