import { type BillLine, billsOf } from '../../../lib/billing/bill.ts';
import { type CloseInput, readInputs } from '../../../lib/billing/close-input.ts';
import { type PricedMonth, priceMonth } from '../../../lib/billing/price-month.ts';
import { card } from '../rating/documents.ts';

/** October 2026, of documents as they are written. */
export function priced(changes: Partial<CloseInput>): Promise<PricedMonth> {
  const nothing = { teams: [], adjustments: [], pools: [], exchangeRates: [], usage: [] };
  return priceMonth(readInputs({ period: '2026-10', cards: [card()], ...nothing, ...changes }));
}

/** Every line as `team: what it says that is not empty, quantity, amount`, and what is unrated. */
export async function linesOf(changes: Partial<CloseInput>): Promise<string[]> {
  const { rated, adjustments } = await priced(changes);
  const { bills, unrated } = billsOf(rated, adjustments);
  return [
    ...bills.flatMap(({ team, lines }) => lines.map((line) => `${team}: ${textOf(line)}`)),
    ...unrated.map(({ team, project, measure, quantity }) =>
      [`${team}:`, project, measure, quantity, 'unrated'].join(' '),
    ),
  ];
}

function textOf({ project, measure, class: ofClass, rule, quantity, amount }: BillLine): string {
  return [project, measure, ofClass, rule, quantity, amount].filter((one) => one !== '').join(' ');
}
