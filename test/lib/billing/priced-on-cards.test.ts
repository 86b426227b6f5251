import { describe, expect, it } from 'vitest';
import { readInputs } from '../../../lib/billing/close-input.ts';
import { priceOnCards } from '../../../lib/billing/compare-cards.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { card, octoberHour, rule, usageRow } from '../rating/documents.ts';

const unit = (unitPrice: string) => ({ model: 'unit', unitPrice }) as const;
const dear = (changes: object = {}) =>
  card({ id: 'dear', rules: [rule({ price: unit('3') })], ...changes });
const pool = {
  ...{ id: 'p', region: 'west', period: '2026-10', currency: 'EUR', amount: '50' },
  ...{ weights: { cores: '1' }, idle: 'spread' },
};
const discount = { id: 'd', type: 'discount', percent: '50' };
const usage = [0, 743].map((hour) =>
  usageRow({ hour: octoberHour(hour), quantity: '5', resource: 'r' }),
);

/** The month by its own card, pools and adjustments, and on others. */
async function onCards(
  cards: readonly unknown[] | null,
  {
    withAdjustments = false,
    ...month
  }: Partial<Parameters<typeof readInputs>[0]> & { withAdjustments?: boolean } = {},
) {
  const own = readInputs({
    ...{ period: '2026-10', cards: [card()], teams: [], adjustments: [], pools: [], usage },
    ...{ exchangeRates: [], ...month },
  });
  const others = cards === null ? null : cards.map(readRateCard);
  const told = await priceOnCards(own, { cards: others, withAdjustments });
  return `${told.otherCards.join()} ${told.withAdjustments}: ${told.own} ${told.other}`;
}

describe('the usage of a month on other cards', () => {
  it('is priced by one card for the whole month, whenever it is effective', async () => {
    expect(await onCards([dear()])).toBe('dear false: 10.00 30.00');
    expect(await onCards([dear({ effectiveFrom: '2027-05-01' })])).toBe('dear false: 10.00 30.00');
  });

  it('is priced by several cards from when each is effective', async () => {
    const both = [
      dear({ effectiveFrom: '2026-10-20' }),
      card({ rules: [rule({ price: unit('2') })] }),
    ];
    expect(await onCards(both)).toBe('dear,std false: 10.00 25.00');
  });

  it('has the adjustments of the month where that is asked for', async () => {
    const month = { adjustments: [discount] };
    expect(await onCards([dear()], month)).toBe('dear false: 5.00 30.00');
    expect(await onCards([dear()], { ...month, withAdjustments: true })).toBe(
      'dear true: 5.00 15.00',
    );
  });

  it('has no cost pools: without other cards it is that of its own', async () => {
    const month = { pools: [pool], adjustments: [discount] };
    expect(await onCards(null, month)).toBe('std true: 25.00 5.00');
    expect(await onCards([dear()], { pools: [pool] })).toBe('dear false: 50.00 30.00');
  });

  it('tells resources apart where one of the two sides asks for that', async () => {
    const price = { model: 'flat', amount: '744', per: 'resource-month' } as const;
    const byResource = card({ id: 'flat', rules: [rule({ price })] });
    const rows = ['a', 'b'].flatMap((resource) => usage.map((row) => ({ ...row, resource })));
    expect(await onCards([byResource], { usage: rows })).toBe('flat false: 20.00 4.00');
    expect(await onCards([dear()], { usage: rows, cards: [byResource] })).toBe(
      'dear false: 4.00 60.00',
    );
    await expect(onCards([byResource], { usage: [usageRow()] })).rejects.toThrow(
      'names no resource',
    );
  });

  it('keeps what usage is labelled with', async () => {
    const labelled = card({
      id: 'l',
      rules: [rule(), rule({ id: 'w', match: { metadata: { os: 'w' } }, price: unit('9') })],
    });
    const rows = [usageRow({ metadata: { os: 'w' } }), usageRow()];
    expect(await onCards([labelled], { usage: rows })).toBe('l false: 2.00 10.00');
  });

  it('is refused in another currency, and converted where there is a rate', async () => {
    const dollars = [dear({ currency: 'USD' })];
    await expect(onCards(dollars)).rejects.toThrow(
      'The bills are in EUR and the other card in USD: give an exchange rate from USD to EUR',
    );
    const rate = { id: 'r', from: 'USD', to: 'EUR', rate: '0.5', date: '2026-10-01' };
    expect(await onCards(dollars, { exchangeRates: [rate] })).toBe('dear false: 10.00 15.00');
  });
});
