import { describe, expect, it } from 'vitest';
import { UsageMonth } from '../../../lib/rating/usage-month.ts';
import type { UsageRow } from '../../../lib/rating/usage-row.ts';
import { octoberHour, usageRow } from './documents.ts';

function october(rows: readonly Partial<UsageRow>[], keepsResource = false): UsageMonth {
  const month = new UsageMonth('2026-10', () => keepsResource);
  for (const row of rows) month.add(usageRow({ hour: octoberHour(0), ...row }));
  return month;
}

/** The first hour, as region, project, measure, class, resource and quantity in fill order. */
function firstHour(month: UsageMonth): string[][] {
  return month
    .textOf(0)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('the usage of a month', () => {
  it('fills in the order of region, project, class and resource within an hour', () => {
    const rows = [
      { region: 'b', project: 'a', class: 'a', resource: 'a' },
      { region: 'a', project: 'b', class: 'a', resource: 'a' },
      { region: 'a', project: 'a', class: 'b', resource: 'a' },
      { region: 'a', project: 'a', class: 'a', resource: 'b' },
      { region: 'a', project: 'a', class: 'a', resource: 'a' },
    ];
    const order = firstHour(october(rows, true)).map(([region, project, , ofClass, resource]) =>
      [region, project, ofClass, resource].join(''),
    );
    expect(order).toEqual(['aaaa', 'aaab', 'aaba', 'abaa', 'baaa']);
  });

  it('adds up what has one key, exactly', () => {
    const rows = Array(10).fill({ quantity: '0.1' });
    expect(firstHour(october(rows))).toEqual([['west', 'p1', 'cores', 'm1.small', '', '1']]);
  });

  it('keeps resources apart only where they count', () => {
    const rows = [{ resource: 'r1' }, { resource: 'r2' }];
    expect(firstHour(october(rows))).toHaveLength(1);
    expect(firstHour(october(rows, true))).toHaveLength(2);
  });

  it('never takes two keys for one, whatever stands in the ids', () => {
    const rows = [
      { project: 'a:b', measure: 'c' },
      { project: 'a', measure: 'b:c' },
      { project: 'a:1:b', measure: 'c' },
      { project: 'a', measure: '1:b:c' },
      { project: 'a\0b', measure: 'c' },
      { project: 'a', measure: 'b\0c' },
    ];
    expect(firstHour(october(rows))).toHaveLength(rows.length);
  });

  it('leaves aside other months and quantities of 0', () => {
    const rows = [-1, 744].map((hour) => ({ hour: octoberHour(hour) }));
    const month = october([...rows, { quantity: '0.000' }]);
    expect(Array.from({ length: 744 }, (_, hour) => month.textOf(hour)).join('')).toBe('');
    expect(october([{ hour: octoberHour(743) }]).usageOf(743)).toHaveLength(1);
  });

  it('is in order again when rows come after it was read', () => {
    const month = october([{ project: 'b' }]);
    expect(firstHour(month)).toHaveLength(1);
    month.add(usageRow({ hour: octoberHour(0), project: 'a' }));
    expect(firstHour(month).map(([, project]) => project)).toEqual(['a', 'b']);
  });

  it('is not computed from what is no quantity', () => {
    expect(() => october([{ quantity: '-1' }])).toThrow('not a quantity of usage');
    expect(() => october([{ quantity: 'NaN' }])).toThrow('not a quantity of usage');
    expect(() => october([{ hour: '2026-10-05T10:30:00Z' }])).toThrow('not a whole hour');
  });
});
