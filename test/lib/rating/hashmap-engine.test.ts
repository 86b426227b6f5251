import { describe, expect, it } from 'vitest';
import { toText } from '../../../lib/decimal/decimal.ts';
import { parseInstant } from '../../../lib/period/instant.ts';
import { parseWithNumberTexts } from '../../../lib/python-text.ts';
import { readDataPoints } from '../../../lib/rating/hashmap/data-points.ts';
import { HashmapEngine } from '../../../lib/rating/hashmap/hashmap-engine.ts';
import { readHashmapRules } from '../../../lib/rating/hashmap/hashmap-rules.ts';

function priceOf(
  rules: unknown,
  point: Readonly<Record<string, unknown>>,
  { tenant = null, at = null }: { tenant?: string | null; at?: string | null } = {},
): string | undefined {
  const engine = new HashmapEngine(
    readHashmapRules(rules),
    tenant,
    at === null ? null : parseInstant(at),
  );
  const [read] = readDataPoints([{ unit: 'u', groupby: {}, metadata: {}, ...point }]);
  return read && toText(engine.priceOf(read));
}

/** Expected prices are those of CloudKitty's own engine (cloudkitty/rating/hash/__init__.py) for the same rules. */
describe("the order in which CloudKitty's engine goes through rules", () => {
  it('is that of fields as they were made, whether a rule of theirs is active or not', () => {
    const rules = {
      mappings: [
        {
          ...{ service: 'compute', type: 'rate', cost: '2', field: 'zone', value: 'a' },
          ...{ start: '2026-10-01T00:00:00', end: '2026-10-01T00:00:00' },
        },
      ],
      thresholds: [
        { service: 'compute', type: 'rate', cost: '0', field: 'flavor', level: '5.0' },
        { service: 'compute', type: 'flat', cost: '3.333', field: 'zone', level: '5.0' },
      ],
    };
    const point = { service: 'compute', qty: '10', metadata: { flavor: '8', zone: ' 7 ' } };
    // Of two thresholds of one level the first field's counts.
    expect(priceOf(rules, point, { at: '2026-09-10T12:00:00' })).toBe('33.33');
  });

  it('ends with a sum of the flat price, which rounds it at 28 digits before it is multiplied', () => {
    const flat = '123456789012.1234567890123456789012345678';
    const rules = {
      mappings: [
        { service: 's', type: 'rate', cost: '3.333' },
        { service: 's', type: 'flat', cost: flat, field: 'zone', value: '8' },
      ],
      thresholds: [],
    };
    const point = { service: 's', qty: '123456789.123456789', metadata: { zone: '8' } };
    expect(priceOf(rules, point)).toBe('50800182030173766387.19704944');
  });

  it('is that of groups within a field, which rounds sums at 28 digits', () => {
    const large = '9999999999999999999999999999';
    const mapping = (group: string, value: string, cost: string) => ({
      ...{ service: 's', type: 'flat', field: 'f' },
      ...{ group, value, cost },
    });
    const rules = {
      mappings: [
        mapping('first', 'other', '1'),
        mapping('second', 'x', '0.4'),
        mapping('third', 'x', '0.4'),
        mapping('first', 'x', large),
      ],
      thresholds: [],
    };
    // By group: (large + 0.4) + 0.4, each rounded down; by mapping it would be 0.8 + large, rounded up.
    expect(priceOf(rules, { service: 's', qty: '1', metadata: { f: 'x' } })).toBe(large);
  });

  it('is that of groups within thresholds', () => {
    const large = '9999999999999999999999999999';
    const threshold = (group: string, level: string, cost: string) => ({
      ...{ service: 's', type: 'flat' },
      ...{ group, level, cost },
    });
    const rules = {
      mappings: [],
      thresholds: [
        threshold('first', '50', '1'),
        threshold('second', '1', '0.4'),
        threshold('third', '1', '0.4'),
        threshold('first', '1', large),
      ],
    };
    expect(priceOf(rules, { service: 's', qty: '1' })).toBe(large);
  });
});

describe('an engine that prices many points', () => {
  const rules = readHashmapRules({
    mappings: [{ service: 's', type: 'flat', cost: '1', field: 'zone', value: 'a' }],
    thresholds: [
      { service: 's', type: 'flat', cost: '10', field: 'size', level: '0.100000000000000001' },
    ],
  });
  const points = (...metadata: readonly object[]) =>
    readDataPoints(
      parseWithNumberTexts(
        JSON.stringify(metadata.map((of) => ({ service: 's', qty: '2', metadata: of }))),
      ),
    );
  const pricesOf = (...metadata: readonly object[]) => {
    const engine = new HashmapEngine(rules, null, null);
    return points(...metadata).map((point) => toText(engine.priceOf(point)));
  };

  it('takes no point for another: not a float for its text, nor one field for the next', () => {
    // As a float 0.1 is a little more than a tenth.
    const sizes = [{ size: '0.1' }, { size: 0.1 }, { size: '0.1' }, { size: 0.1 }];
    expect(pricesOf(...sizes)).toEqual(['0', '20', '0', '20']);
    expect(pricesOf({ zone: 'a' }, { size: '7' }, { zone: 'a', size: '7' }, {})).toEqual([
      '2',
      '20',
      '22',
      '0',
    ]);
    expect(pricesOf({ zone: 'a' }, { zone: "'a" }, { zone: ['a'] })).toEqual(['2', '0', '0']);
  });

  it('prices more kinds of points than it remembers', () => {
    const zones = Array.from({ length: 5_000 }, (_, index) => ({ zone: `z${index}` }));
    const prices = pricesOf({ zone: 'a' }, ...zones, { zone: 'a' }, { zone: 'z4999', size: 1 });
    expect(new Set(prices.slice(1, -2))).toEqual(new Set(['0']));
    expect([prices[0], ...prices.slice(-2)]).toEqual(['2', '2', '20']);
  });
});

describe('a rule', () => {
  const flat = { service: 's', type: 'flat', cost: '2' };
  const point = { service: 's', qty: '3', metadata: { zone: 'a', size: '8' } };

  it.each([
    ['before its start', '2026-09-30T23:59:59', '0'],
    ['at its start', '2026-10-01T00:00:00', '6'],
    ['before its end', '2026-10-31T23:59:59', '6'],
    ['at its end', '2026-11-01T00:00:00', '0'],
  ])('applies %s: %s costs %s', (_, at, price) => {
    const times = { start: '2026-10-01T00:00:00', end: '2026-11-01T00:00:00' };
    expect(priceOf({ mappings: [{ ...flat, ...times }] }, point, { at })).toBe(price);
    expect(priceOf({ mappings: [{ ...flat, ...times }] }, point)).toBe('6');
    expect(priceOf({ mappings: [flat] }, point, { at })).toBe('6');
  });

  it('applies to its own service, field and scope alone', () => {
    const other = { ...flat, service: 'other', cost: '50' };
    const ofZone = { ...flat, field: 'zone', value: '8', cost: '70' };
    const ofOther = { ...other, field: 'zone', value: 'a' };
    const ofTenant = { ...flat, tenant: 't', cost: '5' };
    const mappings = [flat, other, ofZone, ofOther, ofTenant];
    const thresholds = [{ ...other, level: '0' }];
    expect(priceOf({ mappings, thresholds }, point)).toBe('6');
    expect(priceOf({ mappings, thresholds }, point, { tenant: 'u' })).toBe('6');
    expect(priceOf({ mappings, thresholds }, point, { tenant: 't' })).toBe('15');
  });

  it('of a level raises or multiplies what a unit costs, or the whole', () => {
    const of = (threshold: object) =>
      priceOf({ mappings: [flat], thresholds: [{ service: 's', ...threshold }] }, point);
    expect(of({ type: 'flat', cost: '1', level: '8', field: 'size' })).toBe('9');
    expect(of({ type: 'rate', cost: '0.5', level: '8', field: 'size' })).toBe('3');
    expect(of({ type: 'flat', cost: '1', level: '3' })).toBe('7');
    expect(of({ type: 'rate', cost: '0.5', level: '3' })).toBe('3');
    expect(of({ type: 'rate', cost: '0.5', level: '3.1' })).toBe('6');
    expect(of({ type: 'rate', cost: '0.5', level: '0', field: 'none' })).toBe('6');
  });

  it('ends where the configuration says so', () => {
    const wrong = { mappings: [{ ...flat, end: 'later' }] };
    expect(() => readHashmapRules(wrong)).toThrow('/mappings/0/end: "later" is not an instant');
  });
});
