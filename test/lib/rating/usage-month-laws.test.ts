import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimal, toText } from '../../../lib/decimal/decimal.ts';
import { HOUR_US, parseInstant } from '../../../lib/period/instant.ts';
import { UsageMonth } from '../../../lib/rating/usage-month.ts';
import type { UsageRow, UsageSpan } from '../../../lib/rating/usage-row.ts';
import { octoberHour, usageRow } from './documents.ts';

/** Fine, plain and huge quantities: those that fit into 64 bits at 12 decimals, and those that do not. */
const quantity = fc.oneof(
  fc.bigInt(0n, 10n ** 30n).map((unscaled) => ({ unscaled, scale: 18 })),
  fc.bigInt(0n, 10n ** 15n).map((unscaled) => ({ unscaled, scale: 12 })),
  fc.bigInt(2n ** 63n - 2n, 2n ** 63n + 2n).map((unscaled) => ({ unscaled, scale: 12 })),
  fc.bigInt(0n, 100n).map((unscaled) => ({ unscaled, scale: 0 })),
);

const rows = fc.array(
  fc.record({
    project: fc.constantFrom('a', 'b', 'c'),
    class: fc.constantFrom('', 'm1', 'm2'),
    hour: fc.constantFrom(0, 1, 743),
    quantity,
  }),
  { maxLength: 60 },
);

type Row = Parameters<Parameters<typeof rows.map>[0]>[0][number];

function rowOf({ hour, quantity: of, ...key }: Row): UsageRow {
  return usageRow({ ...key, hour: octoberHour(hour), quantity: toText(of) });
}

function spanOf({ hour, quantity: of, ...key }: Row): UsageSpan {
  const { hour: text, quantity: _, ...rest } = usageRow({ ...key, hour: octoberHour(hour) });
  const hours = [(parseInstant(text) ?? 0) / HOUR_US];
  return { ...rest, hours, quantities: [of.unscaled], scale: of.scale };
}

function textOf(usage: readonly (UsageRow | UsageSpan)[]): string {
  const month = new UsageMonth('2026-10', () => false);
  for (const one of usage) month.add(one);
  return [0, 1, 743].map((hour) => month.textOf(hour)).join('\n');
}

/** What it must come to: a sum per key, in fill order, with a plain map. */
function expected(list: readonly Row[]): string {
  const ofHour = (hour: number) => {
    const sums = new Map<string, bigint>();
    for (const row of list.filter((one) => one.hour === hour)) {
      const key = JSON.stringify(['west', row.project, 'cores', row.class, '']);
      const { unscaled, scale } = row.quantity;
      sums.set(key, (sums.get(key) ?? 0n) + unscaled * 10n ** BigInt(18 - scale));
    }
    return [...sums]
      .filter(([, sum]) => sum > 0n)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, sum]) => `${key.slice(0, -1)},"${toText(decimal(sum, 18))}"]\n`)
      .join('');
  };
  return [0, 1, 743].map(ofHour).join('\n');
}

it('adds up rows of any size exactly, in fill order', () => {
  fc.assert(
    fc.property(rows, (list) => {
      expect(textOf(list.map(rowOf))).toBe(expected(list));
    }),
  );
});

it('is the same from rows and from spans, mixed and in any order', () => {
  const mixed = rows.chain((list) =>
    fc.record({
      list: fc.constant(list),
      order: fc.shuffledSubarray([...list.keys()], { minLength: list.length }),
      spans: fc.array(fc.boolean(), { minLength: list.length, maxLength: list.length }),
    }),
  );
  fc.assert(
    fc.property(mixed, ({ list, order, spans }) => {
      const usage = list.map((row, index) => (spans[index] ? spanOf(row) : rowOf(row)));
      const shuffled = order.flatMap((index) => usage[index] ?? []);
      expect(textOf(shuffled)).toBe(textOf(list.map(rowOf)));
    }),
  );
});

it('adds up a quantity that comes in thousands of pieces', () => {
  const pieces = Array.from({ length: 5_000 }, (_, index) =>
    usageRow({
      project: `p${index % 7}`,
      hour: octoberHour(5),
      quantity: index % 3 === 0 ? '0.1' : '0.000000000000000001',
    }),
  );
  const month = new UsageMonth('2026-10', () => false);
  for (const piece of pieces) month.add(piece);
  const total = month.usageOf(5).reduce((sum, { quantity: of }) => sum + of, 0n);
  expect(month.usageOf(5)).toHaveLength(7);
  expect(toText(decimal(total, 18))).toBe('166.700000000000003333');
});

it('takes a span of many hours, and leaves aside what is of other months', () => {
  const first = (parseInstant(octoberHour(0)) ?? 0) / HOUR_US;
  const { hour: _, quantity: __, ...key } = usageRow();
  const hours = [-1, 0, 743, 744].map((hour) => first + hour);
  const month = new UsageMonth('2026-10', () => true);
  month.add({ ...key, hours, quantities: [1n, 25n, 0n, 1n], scale: 1 });
  expect(month.usageOf(0)[0]).toMatchObject({ quantity: 2_500_000_000_000_000_000n });
});

it('is not computed from a span that says less than nothing', () => {
  const first = (parseInstant(octoberHour(0)) ?? 0) / HOUR_US;
  const { hour: _, quantity: __, ...key } = usageRow();
  const month = new UsageMonth('2026-10', () => true);
  expect(() => month.add({ ...key, hours: [first], quantities: [-1n], scale: 0 })).toThrow(
    'not a quantity of usage',
  );
});
