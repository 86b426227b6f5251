import { describe, expect, it } from 'vitest';
import { decimalOf, toText } from '../../../lib/decimal/decimal.ts';
import { parseWithNumberTexts, pythonText } from '../../../lib/python-text.ts';
import { readDataPoints } from '../../../lib/rating/hashmap/data-points.ts';
import { HashmapEngine } from '../../../lib/rating/hashmap/hashmap-engine.ts';
import { readHashmapRules } from '../../../lib/rating/hashmap/hashmap-rules.ts';
import {
  addAsPython,
  exactOfFloat,
  multiplyAsPython,
} from '../../../lib/rating/hashmap/python-decimal.ts';

/** What Python 3.11 printed for `str(json.loads(text))`. */
const STR = [
  ['8', '8'],
  ['8.0', '8.0'],
  ['1e2', '100.0'],
  ['0.1', '0.1'],
  ['1e-4', '0.0001'],
  ['0.00001', '1e-05'],
  ['123456789012345680', '123456789012345680'],
  ['1e15', '1000000000000000.0'],
  ['1e16', '1e+16'],
  ['12345678901234567890.0', '1.2345678901234567e+19'],
  ['1.5e300', '1.5e+300'],
  ['-0.0', '-0.0'],
  ['-3', '-3'],
  ['-2.5e-7', '-2.5e-07'],
  ['1e22', '1e+22'],
  ['100000000000000000000', '100000000000000000000'],
  ['1e999', 'inf'],
  ['-1e999', '-inf'],
  ['12.5', '12.5'],
  ['-0.005', '-0.005'],
  ['true', 'True'],
  ['false', 'False'],
  ['null', 'None'],
  ['[1, "a", 2.50, null]', "[1, 'a', 2.5, None]"],
  ['{"a": true, "b": [1.0]}', "{'a': True, 'b': [1.0]}"],
  ['"it\'s"', "it's"],
  ['["it\'s"]', '["it\'s"]'],
  ['["say \\"hi\\""]', '[\'say "hi"\']'],
  ['["it\'s \\"x\\""]', "['it\\'s \"x\"']"],
  ['["a\\nb\\t\\\\\\r"]', "['a\\nb\\t\\\\\\r']"],
] as const;

it.each(STR)('writes %s as Python does: %s', (text, written) => {
  expect(pythonText(parseWithNumberTexts(text))).toBe(written);
});

describe("Python's decimals", () => {
  it.each([
    [0.1, '0.1000000000000000055511151231257827021181583404541015625'],
    [2, '2'],
    [-0.5, '-0.5'],
    [1e22, '10000000000000000000000'],
    [0.1 + 0.2, '0.3000000000000000444089209850062616169452667236328125'],
    [-123.456, '-123.4560000000000030695446184836328029632568359375'],
    [0, '0'],
    [2 ** 60, '1152921504606846976'],
  ])('read the float %d exactly', (float, exact) => {
    expect(toText(exactOfFloat(float))).toBe(exact);
  });

  it('read the least float there is exactly', () => {
    const { unscaled, scale } = exactOfFloat(Number.MIN_VALUE);
    expect(unscaled * 2n ** 1_074n).toBe(10n ** BigInt(scale));
  });

  const LARGE = '1234567890123456789012345678';
  it.each([
    ['+', LARGE, '0.5', '1234567890123456789012345678'],
    ['+', LARGE, '1.5', '1234567890123456789012345680'],
    ['+', '9999999999999999999999999999', '1', '10000000000000000000000000000'],
    ['+', '0', '0.12345678901234567890123456789', '0.1234567890123456789012345679'],
    ['+', '0.12345678901234567890123456789', '0', '0.1234567890123456789012345679'],
    ['+', '0.00', '1.5', '1.5'],
    ['+', '-1.25', '1.25', '0'],
    ['*', LARGE, '1000001', '1234569124691346912469134690000000'],
    [
      '*',
      '0.1234567890123456789012345678',
      '0.1234567890123456789012345678',
      '0.01524157875323883675049535154',
    ],
    ['*', '-1.5', '1.00000000000000000000000000005', '-1.5'],
    ['*', '1', '0.12345678901234567890123456789', '0.1234567890123456789012345679'],
    ['*', '0.12345678901234567890123456789', '1', '0.1234567890123456789012345679'],
    ['*', '0.1', '3', '0.3'],
  ])('give %s of %s and %s as %4$s, with 28 digits', (operator, a, b, result) => {
    const compute = operator === '+' ? addAsPython : multiplyAsPython;
    expect(toText(compute(decimalOf(a), decimalOf(b)))).toBe(result);
  });
});

/** Prices of points of a field that has a level of 5 at 10 each. */
function priceAtLevel(size: unknown): string {
  const rules = readHashmapRules({
    thresholds: [{ service: 's', type: 'flat', cost: '10', field: 'size', level: '5' }],
  });
  const text = JSON.stringify([{ service: 's', qty: '1', metadata: { size } }]);
  const [point] = readDataPoints(parseWithNumberTexts(text));
  return point ? toText(new HashmapEngine(rules, null, null).priceOf(point)) : '';
}

describe('the level of a field', () => {
  it.each([
    [5, '10'],
    [4.999, '0'],
    ['5.', '10'],
    ['.5', '0'],
    [' 1_000 ', '10'],
    ['inf', '10'],
    ['+Infinity', '10'],
    ['-inf', '0'],
    [true, '0'],
    [false, '0'],
  ])('is what Python reads: %j costs %s', (size, price) => {
    expect(priceAtLevel(size)).toBe(price);
  });

  it.each(['large', '', null, [], 'NaN'])('is none of %j, which is told', (size) => {
    expect(() => priceAtLevel(size)).toThrow(
      /\/0\/size: is .*and a threshold of that field needs a number/,
    );
  });
});

describe('what is no hashmap configuration', () => {
  const mapping = { service: 's', type: 'flat', cost: '1' };
  it.each([
    [[], '', 'must be an object'],
    [null, '', 'must be an object'],
    [{ mappings: {} }, '/mappings', 'must be a list'],
    [{ mappings: [7] }, '/mappings/0', 'must be an object'],
    [{ mappings: [{ ...mapping, type: 'free' }] }, '/mappings/0/type', 'must be flat or rate'],
    [{ mappings: [{ ...mapping, cost: 'x' }] }, '/mappings/0/cost', '"x" is not a decimal'],
    [{ mappings: [{ ...mapping, cost: null }] }, '/mappings/0/cost', 'is missing'],
    [{ mappings: [{ ...mapping, cost: true }] }, '/mappings/0/cost', 'must be text'],
    [
      { mappings: [{ ...mapping, start: 'soon' }] },
      '/mappings/0/start',
      '"soon" is not an instant',
    ],
    [{ mappings: [{ ...mapping, field: 'f' }] }, '/mappings/0/value', 'is missing'],
    [{ thresholds: [mapping] }, '/thresholds/0/level', 'is missing'],
    [{ mappings: [{ type: 'flat', cost: '1' }] }, '/mappings/0/service_id', 'is missing'],
    [
      { mappings: [{ type: 'flat', cost: '1', service_id: 'x' }] },
      '/mappings/0/service_id',
      'no service has the id "x"',
    ],
    [
      { mappings: [{ type: 'flat', cost: '1', field_id: 'x' }] },
      '/mappings/0/field_id',
      'no field has the id "x"',
    ],
    [
      { mappings: [{ ...mapping, group_id: 'x' }] },
      '/mappings/0/group_id',
      'no group has the id "x"',
    ],
    [
      { fields: [{ field_id: 'f', name: 'n', service_id: 'x' }] },
      '/fields',
      'names a service_id that no service has',
    ],
    [{ services: [{ name: 'n' }] }, '/services/service_id', 'is missing'],
    [{ groups: [{ group_id: 'g' }] }, '/groups/name', 'is missing'],
  ])('is told with its place: %j', (document, pointer, message) => {
    expect(() => readHashmapRules(document)).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        message: expect.stringContaining(`${pointer === '' ? 'it' : pointer}: ${message}`),
        errors: [{ pointer, message: expect.stringContaining(message) }],
      }),
    );
  });

  it('is a document with pyscripts', () => {
    for (const document of [{ scripts: [] }, { pyscripts: [] }]) {
      expect(() => readHashmapRules(document)).toThrow('This holds pyscripts');
    }
  });
});

it('joins what the v1 API gives by its ids, without what was deleted', () => {
  const rules = readHashmapRules({
    services: [{ service_id: 's1', name: 'compute' }],
    fields: [{ field_id: 'f1', service_id: 's1', name: 'flavor' }],
    groups: [{ group_id: 'g1', name: 'uptime' }],
    mappings: [
      { service_id: 's1', type: 'flat', cost: '1.50', group_id: 'g1', deleted: null },
      { field_id: 'f1', value: 'm1', map_type: 'rate', cost: 2, tenant_id: 't' },
      ...[true, '2026-10-01T00:00:00', 'true'].map((deleted) => ({
        ...{ service_id: 's1', type: 'flat', cost: '9' },
        deleted,
      })),
    ],
    thresholds: [{ service_id: 's1', level: '5', type: 'flat', cost: '1' }],
  });
  const cost = (text: string) => decimalOf(text);
  const times = { start: null, end: null };
  expect(rules).toEqual({
    mappings: [
      {
        ...{ service: 'compute', field: null, group: 'uptime', type: 'flat', tenant: null },
        ...{ cost: cost('1.5'), value: null, ...times },
      },
      {
        ...{ service: 'compute', field: 'flavor', group: '_DEFAULT_', type: 'rate', tenant: 't' },
        ...{ cost: cost('2'), value: 'm1', ...times },
      },
    ],
    thresholds: [
      {
        ...{ service: 'compute', field: null, group: '_DEFAULT_', type: 'flat', tenant: null },
        ...{ cost: cost('1'), level: cost('5') },
      },
    ],
  });
});

describe('what is no data point', () => {
  it.each([
    ['{"points": []}', 'The data points must be a list'],
    ['7', 'The data points must be a list'],
    ['[7]', '/0: must be an object'],
    ['[null]', '/0: must be an object'],
    ['[[]]', '/0: must be an object'],
    ['[{"service": 7}]', '/0/service: must be text'],
    ['[{"service": "s", "qty": "x"}]', '/0/qty: must be a decimal, as text or as a number'],
    ['[{"service": "s", "qty": true}]', '/0/qty: must be a decimal'],
    ['[{"service": "s", "qty": 1, "metadata": []}]', '/0/metadata: must be an object'],
    ['[{"service": "s", "qty": 1, "groupby": 3}]', '/0/groupby: must be an object'],
    ['[{"service": "s", "qty": 1, "price": "x"}]', '/0/price: must be a decimal'],
  ])('is told with its place: %s', (text, message) => {
    expect(() => readDataPoints(parseWithNumberTexts(text))).toThrow(message);
  });

  it('keeps what another module charged, and lets groupby count before metadata', () => {
    const rules = readHashmapRules({
      mappings: [{ service: 's', type: 'flat', cost: '2', field: 'zone', value: 'b' }],
    });
    const text =
      '{"datapoints": [{"service": "s", "qty": 3, "price": 0.5, "metadata": {"zone": "a"}, "groupby": {"zone": "b"}}, {"service": "other", "qty": 1, "price": "7"}]}';
    const engine = new HashmapEngine(rules, null, null);
    const prices = readDataPoints(parseWithNumberTexts(text)).map((one) => engine.priceOf(one));
    expect(prices.map(toText)).toEqual(['6.5', '7']);
  });
});
