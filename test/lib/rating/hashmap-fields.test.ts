import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../lib/errors.ts';
import { needsResources } from '../../../lib/rating/models/registry.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { linesOf } from '../billing/quoted.ts';
import { card, octoberHour, rule, usageRow } from './documents.ts';

const flat = (field: string, value: string, cost: string, more: object = {}) => ({
  ...{ service: 'volume', field, value, type: 'flat', cost },
  ...more,
});

function cardOf(rules: object, service = 'volume'): Record<string, unknown> {
  const price = { model: 'hashmap', service, rules };
  return { ...card(), rules: [{ id: 'ck', measure: 'volume', price }] };
}

const prices = async (rules: object, ...rows: Parameters<typeof usageRow>[0][]) =>
  (
    await linesOf({
      cards: [cardOf(rules)],
      usage: rows.map((row) => usageRow({ measure: 'volume', class: 'ssd', ...row })),
    })
  ).map((line) => line.split(' ').at(-1));

describe('a field of a hashmap rule', () => {
  it.each([
    ['class', 'ssd'],
    ['flavor', 'ssd'],
    ['flavor_name', 'ssd'],
    ['volume_type', 'ssd'],
    ['project_id', 'p1'],
    ['region', 'west'],
  ])('%s is %s of the usage', async (field, value) => {
    const rules = { mappings: [flat(field, value, '3')] };
    expect(await prices(rules, {}, { class: 'hdd', project: 'p2', region: 'east' })).toEqual([
      '3.00',
      '0.00',
    ]);
  });

  it('of a class that usage does not have is none, not an empty one', async () => {
    const rules = { mappings: [flat('class', '', '3')] };
    expect(await prices(rules, { class: '' })).toEqual(['0.00']);
  });

  it.each([
    ['10', '10', '6.00'],
    ['10', '9', '3.00'],
    ['10', '010', '6.00'],
    ['10', 'x10', '3.00'],
    ['10', '10x', '3.00'],
    ['10', '10.0', '3.00'],
    ['10', '1e1', '3.00'],
    ['10', '', '0.00'],
  ])('reaches level %s with %s where it is a number', async (level, ofClass, amount) => {
    const rules = {
      mappings: [flat('class', ofClass === '' ? 'none' : ofClass, '3')],
      thresholds: [{ service: 'volume', field: 'class', level, type: 'rate', cost: '2' }],
    };
    expect(await prices(rules, { class: ofClass })).toEqual([amount]);
  });

  it('has the value of its hour: rules begin and end in the month, in any order', async () => {
    const rules = {
      mappings: [
        flat('class', 'ssd', '4', { start: '2026-10-01T02:00:00' }),
        flat('class', 'ssd', '1', { end: '2026-10-01T01:00:00' }),
        flat('class', 'ssd', '2', { start: '2026-10-01T01:00:00', end: '2026-10-01T02:00:00' }),
      ],
    };
    for (const [hour, amount] of [
      [0, '1.00'],
      [1, '2.00'],
      [2, '4.00'],
      [743, '4.00'],
    ] as const) {
      expect(await prices(rules, { hour: octoberHour(hour) })).toEqual([amount]);
    }
    const all = [0, 1, 2, 3].map((hour) => ({ hour: octoberHour(hour) }));
    expect(await prices(rules, ...all)).toEqual(['11.00']);
  });

  it('is held against values of its own, and not of another field', async () => {
    const rules = { mappings: [flat('project_id', 'ssd', '5'), flat('class', 'p1', '7')] };
    expect(await prices(rules, {})).toEqual(['0.00']);
    expect(await prices(rules, { project: 'ssd', class: 'p1' })).toEqual(['7.00']);
  });

  it('tells the classes of one project and hour apart, however often they come', async () => {
    const rules = { mappings: [flat('class', 'ssd', '3'), flat('class', 'hdd', '1')] };
    const hours = [0, 1].map((hour) => ({ hour: octoberHour(hour) }));
    const rows = hours.flatMap((hour) =>
      ['ssd', 'hdd', 'nvme'].map((of) => ({ ...hour, class: of })),
    );
    expect(await prices(rules, ...rows)).toEqual(['2.00', '0.00', '6.00']);
  });

  it.each([
    [undefined, '4.00'],
    [null, '4.00'],
    [false, '4.00'],
    ['', '4.00'],
    ['false', '4.00'],
    [true, '1.00'],
    ['2026-01-01T00:00:00', '1.00'],
  ])('does not count where its rule is deleted: %j leaves %s', async (deleted, amount) => {
    const rules = {
      mappings: [flat('class', 'ssd', '3', { deleted }), flat('class', 'ssd', '1', { group: 'g' })],
    };
    expect(await prices(rules, {})).toEqual([amount]);
  });

  it('never costs one project what another pays', async () => {
    const rules = {
      mappings: [flat('class', 'ssd', '4', { tenant: 'p2' }), flat('class', 'ssd', '1')],
    };
    expect(await prices(rules, {}, { project: 'p2' }, { project: 'p3' })).toEqual([
      '1.00',
      '4.00',
      '1.00',
    ]);
  });
});

describe('a hashmap price', () => {
  const level = { service: 'volume', level: '3', type: 'rate', cost: '0.9' };
  const mappings = [flat('class', 'ssd', '1')];
  it.each([
    ['no levels', { mappings }, false],
    ['levels of quantities', { mappings, thresholds: [level] }, true],
    ['levels of a field', { mappings, thresholds: [{ ...level, field: 'class' }] }, false],
    ["another service's levels", { mappings, thresholds: [{ ...level, service: 'ip' }] }, false],
    [
      'levels of quantities, and others',
      { mappings, thresholds: [{ ...level, service: 'ip' }, level, { ...level, field: 'class' }] },
      true,
    ],
  ])('with %s must know the resource: %s is %s', (_name, rules, isNeeded) => {
    const [own] = readRateCard(cardOf(rules)).rules;
    expect(own && needsResources(own.price)).toBe(isNeeded);
  });

  it('is one of several kinds that need none, but for flat prices of resources', () => {
    const need = (price: object) => {
      const [own] = readRateCard({ ...card(), rules: [{ ...rule(), price }] }).rules;
      return own && needsResources(own.price);
    };
    expect(need({ model: 'unit', unitPrice: '1' })).toBe(false);
    expect(need({ model: 'flat', amount: '1', per: 'month' })).toBe(false);
    expect(need({ model: 'flat', amount: '1', per: 'resource-month' })).toBe(true);
  });

  function faultsOf(document: unknown): string[] {
    try {
      readRateCard(document);
      return [];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return error.errors.map(({ pointer, message }) => `${pointer}: ${message}`);
    }
  }

  it('is told of its faults where they stand', () => {
    const bad = { mappings: [flat('class', 'ssd', '1'), flat('class', 'ssd', 'x')] };
    expect(faultsOf(cardOf(bad)).map((fault) => fault.split(':')[0])).toEqual([
      '/rules/0/price/rules/mappings/1/cost',
    ]);
    const two = {
      mappings: [...mappings, flat('class', 'a', '1', { service: 'ip' }), ...mappings],
    };
    expect(faultsOf(cardOf(two, 'cpu'))).toEqual([
      '/rules/0/price/service: has no rules; there are rules of: volume, ip',
    ]);
    expect(faultsOf(cardOf({ mappings: [] }))).toEqual([
      '/rules/0/price/service: has no rules; there are rules of: none',
    ]);
    const strange = { mappings: [...mappings, flat('colour', 'red', '1')] };
    expect(faultsOf(cardOf(strange))).toHaveLength(1);
    expect(faultsOf(cardOf(strange))[0]).toMatch(
      /^\/rules\/0\/price\/rules: has rules of the field "colour", which usage does not have: it has class, flavor, flavor_name/,
    );
    const [scripts] = faultsOf(cardOf({ mappings, scripts: [] }));
    expect(scripts).toMatch(/^\/rules\/0\/price\/rules: This holds pyscripts/);
    const elsewhere = { mappings: [...mappings, flat('colour', 'red', '1', { service: 'ip' })] };
    expect(faultsOf(cardOf(elsewhere))).toEqual([]);
  });
});
