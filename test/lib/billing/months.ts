import fc from 'fast-check';
import { octoberHour } from '../rating/documents.ts';
import type {
  ReferenceCard,
  ReferencePrice,
  ReferenceRow,
  ReferenceRule,
  ReferenceTeam,
} from './reference-bills.ts';

/** Small months of few keys, so that rows meet on lines, in bands and within hours. */
export interface MonthInput {
  readonly rows: readonly ReferenceRow[];
  readonly cards: readonly ReferenceCard[];
  readonly teams: readonly ReferenceTeam[];
}

const decimals = fc
  .integer({ min: 1, max: 40_000 })
  .map((thousandths) => (thousandths / 1_000).toFixed(3));
const prices = fc.integer({ min: 0, max: 30_000 }).map((tenths) => (tenths / 10_000).toFixed(4));

const row: fc.Arbitrary<ReferenceRow> = fc.record({
  region: fc.constantFrom('east', 'west'),
  project: fc.constantFrom('p1', 'p2', 'p3'),
  resource: fc.constantFrom('r1', 'r2'),
  measure: fc.constantFrom('cores', 'cores', 'ram'),
  class: fc.constantFrom('', 'a', 'b'),
  hour: fc.constantFrom(0, 1, 2, 359, 360, 361, 743).map(octoberHour),
  quantity: decimals,
});

const bands = fc
  .tuple(decimals, prices, prices, prices)
  .map(([edge, first, second, third]) => [
    { upTo: edge, unitPrice: first },
    { upTo: (Number(edge) + 20).toFixed(3), unitPrice: second },
    { unitPrice: third },
  ]);

const aggregatable: fc.Arbitrary<ReferencePrice>[] = [
  prices.map((unitPrice) => ({ model: 'unit' as const, unitPrice })),
  bands.map((list) => ({ model: 'graduated' as const, bands: list })),
  bands.map((list) => ({ model: 'volume' as const, bands: list })),
  fc.record({ model: fc.constant('package' as const), size: decimals, packagePrice: prices }),
  prices.map((amount) => ({ model: 'flat' as const, amount, per: 'month' as const })),
];
const byResource: fc.Arbitrary<ReferencePrice> = prices.map((amount) => ({
  model: 'flat' as const,
  amount,
  per: 'resource-month' as const,
}));

const MATCHES = [
  {},
  { class: 'a' },
  { class: 'b', region: 'west' },
  { class: 'b', project: 'p3', team: 'blue' },
];

function cardOf(
  head: Pick<ReferenceCard, 'id' | 'effectiveFrom'>,
  price: fc.Arbitrary<ReferencePrice>,
): fc.Arbitrary<ReferenceCard> {
  const allowance = fc.option(decimals, { nil: undefined });
  const rule = (match: Readonly<Record<string, string>>, index: number) =>
    fc.tuple(price, allowance).map(
      ([priced, included]): ReferenceRule => ({
        id: `rule-${index}`,
        measure: 'cores',
        match,
        price: priced,
        ...(included === undefined ? {} : { allowance: included }),
      }),
    );
  return fc
    .tuple(...MATCHES.map(rule))
    .chain((rules) => fc.subarray(rules))
    .map((rules) => ({ ...head, currency: 'EUR', rules }));
}

const share = fc.integer({ min: 1, max: 50 });
const teams: fc.Arbitrary<ReferenceTeam[]> = fc.tuple(share, share).map(([first, second]) => [
  {
    id: 'blue',
    projects: [
      { project: 'p1', share: 100, to: '2026-10-16' },
      { project: 'p3', share: first },
    ],
  },
  {
    id: 'red',
    projects: [
      { project: 'p1', share: 100, from: '2026-10-16' },
      { project: 'p3', share: second, from: '2026-10-01T01:00:00Z' },
    ],
  },
]);

export function months(options: {
  readonly withResourceMonths: boolean;
}): fc.Arbitrary<MonthInput> {
  const models = options.withResourceMonths ? [...aggregatable, byResource] : aggregatable;
  const price = fc.oneof(...models);
  return fc.record({
    rows: fc.array(row, { maxLength: 25 }),
    cards: fc.tuple(
      cardOf({ id: 'late', effectiveFrom: '2026-10-16' }, price),
      cardOf({ id: 'first', effectiveFrom: '2026-10-01T01:00:00Z' }, price),
    ),
    teams,
  });
}
