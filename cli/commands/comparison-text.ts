import type { UnratedLine } from '../../lib/billing/bill.ts';
import type { PricedOnCards } from '../../lib/billing/compare-cards.ts';
import { table } from '../table.ts';

/** What the server and a quote give alike; a quote has no state. */
type Comparison = Omit<PricedOnCards, 'currency'> & {
  readonly currency: string;
  readonly state?: string;
};

/** Two pricings of one usage, side by side. */
export function comparisonText(told: Comparison): string {
  const {
    period,
    state = 'quoted',
    currency,
    otherCards,
    withAdjustments,
    unrated,
    ...sums
  } = told;
  const other = `${otherCards.join(', ')}, without cost pools${withAdjustments ? '' : ' and adjustments'}`;
  const total = { team: 'all', measure: '', quantity: '', ...sums };
  return [
    `${period} ${state}: the bills come to ${sums.own} ${currency}, on ${other} it is ${sums.other}.\n`,
    table(
      [
        { title: 'team', value: ({ team }) => team },
        { title: 'measure', value: ({ measure }) => measure },
        { title: 'quantity', value: ({ quantity }) => quantity, align: 'right' },
        { title: `bills ${currency}`, value: ({ own }) => own, align: 'right' },
        { title: 'other', value: (row) => row.other, align: 'right' },
        { title: 'difference', value: ({ difference }) => difference, align: 'right' },
      ],
      [...told.measures, total],
    ),
    table(
      [
        { title: 'region', value: ({ region }) => region },
        { title: 'measure', value: ({ measure }) => measure },
        { title: 'quantity', value: ({ quantity }) => quantity, align: 'right' },
        { title: 'unit cost', value: ({ ownUnitCost }) => ownUnitCost ?? '-', align: 'right' },
        { title: 'other', value: ({ otherUnitCost }) => otherUnitCost ?? '-', align: 'right' },
      ],
      told.unitCosts,
    ),
    ...(unrated.length === 0
      ? []
      : [
          'The other side has no price for this usage, and lacks it:\n',
          table(
            (['team', 'project', 'region', 'measure', 'class', 'quantity'] as const).map(
              (title) => ({ title, value: (row: UnratedLine) => row[title] }),
            ),
            unrated,
          ),
        ]),
  ].join('\n');
}
