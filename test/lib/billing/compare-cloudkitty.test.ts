import { describe, expect, it } from 'vitest';
import {
  compareWithCloudKitty,
  DEFAULT_MEASURES,
  type RatedByCloudKitty,
} from '../../../lib/billing/compare-cloudkitty.ts';

type Bills = Parameters<typeof compareWithCloudKitty>[1];

const theirs = (price: string, type = 'vcpus', project = 'p1'): RatedByCloudKitty => ({
  ...{ project, type, quantity: '10', price },
});
const ours = (amount: string, measure = 'cores', project = 'p1') => ({
  ...{ project, measure, quantity: '10', amount },
});

function compared(
  rated: readonly RatedByCloudKitty[],
  lines: Bills['lines'],
  { unrated = [] as Bills['unrated'], minorDigits = 2 } = {},
) {
  const options = { measures: DEFAULT_MEASURES, minorDigits };
  const { rows, ...totals } = compareWithCloudKitty(rated, { lines, unrated }, options);
  const told = rows.map(({ project, measure, cloudkitty, headroom, difference, note }) =>
    [
      ...[project, measure, cloudkitty.quantity, cloudkitty.price],
      ...[headroom.quantity, headroom.amount, difference, note],
    ].join(' '),
  );
  return { told, totals: Object.values(totals).join(' ') };
}

describe('a month that CloudKitty rated as well', () => {
  it.each<[string, string, string, number, string]>([
    ['to the same', '1.5', '1.50', 2, 'p1 cores 10 1.5 10 1.5 0 equal'],
    ['to what one rounding takes', '1.505', '1.50', 2, 'p1 cores 10 1.505 10 1.5 -0.005 equal'],
    ['to less by that', '1.495', '1.50', 2, 'p1 cores 10 1.495 10 1.5 0.005 equal'],
    ['to more than that', '1.5051', '1.50', 2, 'p1 cores 10 1.5051 10 1.5 -0.0051 differs'],
    ['to less', '1.4949', '1.50', 2, 'p1 cores 10 1.4949 10 1.5 0.0051 differs'],
    ['in yen', '1.5', '2', 0, 'p1 cores 10 1.5 10 2 0.5 equal'],
    ['in dinars', '1.5', '1.502', 3, 'p1 cores 10 1.5 10 1.502 0.002 differs'],
  ])('may come %s', (_name, price, amount, minorDigits, row) => {
    expect(compared([theirs(price)], [ours(amount)], { minorDigits }).told).toEqual([row]);
  });

  it('tells what one of the two has alone, and what has no price', () => {
    const unrated = [{ project: 'p1', measure: 'egress', quantity: '3' }];
    const rated = [theirs('1', 'memory'), theirs('2', 'weather'), theirs('9', 'vcpus', 'p0')];
    const { told, totals } = compared(rated, [ours('4.00'), ours('1.00', 'egress')], { unrated });
    expect(told).toEqual([
      'p0 cores 10 9 0 0 -9 only in CloudKitty',
      'p1 cores 0 0 10 4 4 only in Headroom',
      'p1 egress 0 0 13 1 1 not priced',
      'p1 ram 10 1 0 0 -1 only in CloudKitty',
      'p1 weather 10 2 0 0 -2 only in CloudKitty',
    ]);
    expect(totals).toBe('12 5 -7');
  });

  it('adds up what is of one project and measure, and leaves adjustments aside', () => {
    const rated = [theirs('1', 'snapshot.size'), theirs('2', 'volume.snapshot.size')];
    const lines = [ours('1.00', 'snapshot'), ours('2.00', 'snapshot'), ours('-9.00', '', '')];
    expect(compared(rated, lines)).toEqual({
      told: ['p1 snapshot 20 3 20 3 0 equal'],
      totals: '3 3 0',
    });
  });
});
