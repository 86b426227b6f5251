import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readHashmapRules } from '../../lib/rating/hashmap/hashmap-rules.ts';
import { headroom } from './server.ts';

const cwd = mkdtempSync(join(tmpdir(), 'headroom-import-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const API = {
  services: [
    { service_id: 's1', name: 'instance' },
    { service_id: 's2', name: 'image.size' },
  ],
  fields: [
    { field_id: 'f1', service_id: 's1', name: 'flavor_name' },
    { field_id: 'f2', service_id: 's1', name: 'image_ref' },
  ],
  groups: [{ group_id: 'g1', name: 'licences' }],
  mappings: [
    { field_id: 'f1', value: 'm1.small', type: 'flat', cost: '0.5000', service_id: null },
    { field_id: 'f2', value: 'win', type: 'flat', cost: '0.1', group_id: 'g1', tenant_id: 'p2' },
    { service_id: 's2', type: 'flat', cost: '0.00001', start: '2026-10-16T00:00:00' },
  ],
  thresholds: [{ service_id: 's1', level: '3', type: 'rate', cost: '0.9' }],
};

function write(name: string, content: unknown): string {
  writeFileSync(join(cwd, name), JSON.stringify(content));
  return name;
}

const convert = (rules: unknown, ...args: string[]) =>
  headroom(
    [
      'import',
      'cloudkitty',
      write('rules.json', rules),
      '--currency',
      'EUR',
      '--from',
      '2026-10-01',
      ...args,
    ],
    { cwd },
  );

describe('headroom import cloudkitty', () => {
  it('makes a card with a rule a service, and tells the labels that its rules need', async () => {
    const { code, out, err } = await convert(API);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      ...{ id: 'cloudkitty', currency: 'EUR', effectiveFrom: '2026-10-01' },
      rules: [
        {
          ...{ id: 'instance', measure: 'instances' },
          price: {
            ...{ model: 'hashmap', service: 'instance', labels: ['image_ref'] },
            rules: {
              mappings: [
                {
                  ...{ service: 'instance', field: 'flavor_name', group: '_DEFAULT_' },
                  ...{ type: 'flat', cost: '0.5', value: 'm1.small' },
                },
                {
                  ...{ service: 'instance', field: 'image_ref', group: 'licences', type: 'flat' },
                  ...{ cost: '0.1', tenant: 'p2', value: 'win' },
                },
              ],
              thresholds: [
                { service: 'instance', group: '_DEFAULT_', type: 'rate', cost: '0.9', level: '3' },
              ],
            },
          },
        },
        {
          ...{ id: 'image.size', measure: 'image' },
          price: {
            ...{ model: 'hashmap', service: 'image.size', unitsPerQuantity: '1024' },
            rules: {
              mappings: [
                {
                  ...{ service: 'image.size', group: '_DEFAULT_', type: 'flat', cost: '0.00001' },
                  start: '2026-10-16T00:00:00Z',
                },
              ],
              thresholds: [],
            },
          },
        },
      ],
    });
    expect(err).toContain('Rules are of image_ref: usage has them once');
  });

  it('prices usage as the rules do, in the units that they are of', async () => {
    const { out } = await convert(API);
    writeFileSync(join(cwd, 'card.json'), out);
    const hour = { region: 'west', project: 'p2', hour: '2026-10-20T00:00:00Z', quantity: '1' };
    const rows = [
      { ...hour, resource: 'r1', measure: 'instances', class: 'm1.small' },
      { ...hour, resource: 'r2', measure: 'instances', class: 'x', metadata: { image_ref: 'win' } },
      { ...hour, resource: 'r3', measure: 'image', quantity: '2' },
    ];
    writeFileSync(join(cwd, 'usage.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const files = ['--usage', 'usage.jsonl', '--card', 'card.json', '--teams', write('t.json', [])];
    const quoted = await headroom(['quote', ...files, '--period', '2026-10'], { cwd });
    const [{ lines }] = JSON.parse(quoted.out).bills;
    // 2,048 MiB at 0.00001; a small instance; a licence.
    expect(lines.map(({ rule, amount }: Record<string, string>) => [rule, amount])).toEqual([
      ['image.size', '0.02'],
      ['instance', '0.50'],
      ['instance', '0.10'],
    ]);
  });

  it('loses nothing of any worked case', async () => {
    const cases = Object.values(
      JSON.parse(
        readFileSync(new URL('../cases/cloudkitty/hashmap.json', import.meta.url), 'utf8'),
      ),
    )
      .flat()
      .filter(
        (one): one is { rules: object } =>
          typeof one === 'object' && one !== null && 'rules' in one,
      );
    expect(cases.length).toBeGreaterThan(25);
    for (const { rules } of cases) {
      const own = readHashmapRules(rules);
      const services = new Set([...own.mappings, ...own.thresholds].map(({ service }) => service));
      const measures = [...services].flatMap((service) => ['--measure', `${service}=m-${service}`]);
      const { code, out, err } = await convert(rules, ...measures);
      expect([code, err.replace(/^Rules are of .*\n$/, '')]).toEqual([0, '']);
      const again: ReturnType<typeof readHashmapRules>[] = JSON.parse(out).rules.map(
        (rule: { price: { rules: unknown } }) => readHashmapRules(rule.price.rules),
      );
      for (const kind of ['mappings', 'thresholds'] as const) {
        const known = [...services].flatMap((service) =>
          own[kind].filter((rule: { service: string }) => rule.service === service),
        );
        expect(again.flatMap((one) => one[kind] as readonly unknown[])).toEqual(known);
      }
    }
  });

  it.each([
    [{ mappings: [{ service: 'gpu', cost: '1' }] }, [], 'No measure is known for "gpu"'],
    [
      {
        mappings: ['snapshot.size', 'volume.snapshot.size'].map((service) => ({
          service,
          cost: '1',
        })),
      },
      [],
      'leave one out (--without volume.snapshot.size)',
    ],
    [{ scripts: [] }, [], 'pyscripts'],
    [API, ['--units', 'image.size=0'], 'unitsPerQuantity'],
    [API, ['--currency', 'EURO'], 'currency'],
    [API, ['--measure', 'gpu'], '--measure takes SERVICE=...'],
  ])('refuses %j with %j', async (rules, args, message) => {
    const { code, err } = await convert(rules, ...args);
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(message);
  });

  it('leaves out what it is told to', async () => {
    const { out, err } = await convert(API, '--without', 'instance', '--id', 'old');
    expect(JSON.parse(out)).toMatchObject({ id: 'old', rules: [{ id: 'image.size' }] });
    expect(err).toBe('');
    expect(
      (await headroom(['import', 'aws', 'x', '--currency', 'EUR', '--from', 'y'])).err,
    ).toContain('"aws" cannot be imported');
  });
});
