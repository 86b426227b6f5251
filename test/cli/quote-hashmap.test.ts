import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { add, compare, decimalOf, negate, parseDecimal } from '../../lib/decimal/decimal.ts';
import { headroom } from './server.ts';

interface HashmapCase {
  readonly id: string;
  readonly note: string;
  readonly tenant?: string;
  readonly rates_effective_at?: string;
  readonly rules: object;
  readonly datapoints?: readonly object[];
  readonly datapoints_ref?: string;
  readonly expected: { readonly exact_decimal: string[]; readonly total_exact_decimal: string };
}

const text = readFileSync(new URL('../cases/cloudkitty/hashmap.json', import.meta.url), 'utf8');
/** The data points as they are written: `8.0` must not become `8` on the way to the file. */
const RAW = Symbol('raw');
const document = JSON.parse(text, (_key, value, context?: { source?: string }) =>
  typeof value === 'number' ? { [RAW]: context?.source ?? String(value) } : value,
);
const CASES: readonly HashmapCase[] = [
  ...document.numeric_upstream,
  ...document.documentation,
  ...document.edge_cases,
];

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (RAW in value) return String(value[RAW]);
  const members = Object.entries(value).map(([key, of]) => `${JSON.stringify(key)}:${print(of)}`);
  return `{${members.join(',')}}`;
}

const directory = mkdtempSync(join(tmpdir(), 'headroom-hashmap-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string): string {
  writeFileSync(join(directory, name), content);
  return name;
}

const run = (...args: string[]) => headroom(['quote', ...args], { cwd: directory });

function price(rules: string, points: string) {
  const files = [write('rules.json', rules), write('points.json', points)] as const;
  return run('--hashmap', files[0], '--points', files[1], '-o', 'json');
}

function expectClose(actual: string, expected: string): void {
  const difference = add(decimalOf(actual), negate(parseDecimal(expected) ?? decimalOf('NaN')));
  const tolerance = decimalOf('0.00000000000000000001');
  expect(compare(difference, tolerance), `${actual} for ${expected}`).toBeLessThanOrEqual(0);
  expect(compare(negate(difference), tolerance), `${actual} for ${expected}`).toBeLessThanOrEqual(
    0,
  );
}

describe('headroom quote --hashmap', () => {
  it('knows the worked cases', () => expect(CASES.length).toBe(32));

  it.each(CASES)("gives CloudKitty's prices of $id: $note", async (one) => {
    const { rules, tenant, rates_effective_at } = one;
    const points = one.datapoints ?? document.fixtures[one.datapoints_ref ?? ''];
    const { code, out, err } = await price(
      print({ rules, tenant, ...(rates_effective_at && { rates_effective_at }) }),
      print(points),
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    const answer: { prices: string[]; total: string } = JSON.parse(out);
    expect(answer.prices).toHaveLength(one.expected.exact_decimal.length);
    for (const [index, expected] of one.expected.exact_decimal.entries()) {
      expectClose(answer.prices[index] ?? '', expected);
    }
    expectClose(answer.total, one.expected.total_exact_decimal);
  });

  it('joins the answers of its API by their ids', async () => {
    const rules = {
      services: [{ service_id: 's', name: 'instance' }],
      fields: [{ field_id: 'f', service_id: 's', name: 'flavor_name' }],
      groups: [{ group_id: 'g', name: 'sizes' }],
      mappings: [
        {
          mapping_id: 'm',
          field_id: 'f',
          service_id: null,
          group_id: 'g',
          value: 'm1.tiny',
          type: 'flat',
          cost: '0.30',
          tenant_id: null,
        },
        { mapping_id: 'n', service_id: 's', group_id: 'g', type: 'rate', cost: '2', value: null },
      ],
      thresholds: [{ threshold_id: 't', service_id: 's', level: '5', type: 'rate', cost: '0.5' }],
    };
    const points = [{ service: 'instance', qty: 2, metadata: { flavor_name: 'm1.tiny' } }];
    const { out, err } = await price(JSON.stringify(rules), JSON.stringify(points));
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual({ prices: ['1.2'], total: '1.2' });
  });

  it.each([
    ['pyscripts', '{"scripts":[]}', '[]', 'programs in Python'],
    ['an unknown service id', '{"mappings":[{"service_id":"x","cost":"1"}]}', '[]', '"x"'],
    ['a type that is none', '{"mappings":[{"service":"s","type":"x","cost":1}]}', '[]', 'flat or'],
    ['a cost that is no number', '{"mappings":[{"service":"s","cost":"x"}]}', '[]', '/cost'],
    ['points that are no list', '{}', '{"a":1}', 'must be a list'],
    ['a quantity that is none', '{}', '[{"service":"s","qty":"many"}]', '/0/qty'],
    [
      'text under a threshold of numbers',
      '{"thresholds":[{"service":"s","field":"ram","level":1,"cost":1}]}',
      '[{"service":"s","qty":1,"groupby":{"ram":"big"}}]',
      '/0/ram',
    ],
  ])('refuses %s', async (_name, rules, points, message) => {
    const { code, out, err } = await price(rules, points);
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(code).toBe(1);
  });

  it('takes no usage beside it', async () => {
    const { code, err } = await run('--hashmap', 'r.json', '--points', 'p.json', '--usage', 'u');
    expect(err).toContain('--usage does not go with --hashmap');
    expect(code).toBe(2);
  });
});
