import { add, type Decimal, fromInteger, toText, ZERO } from '../decimal/decimal.ts';
import { ProblemError } from '../errors.ts';
import { type Money, moneyOf, moneyText, sumMoney } from '../money/money.ts';
import { formatInstant, HOUR_US } from '../period/instant.ts';
import type { CostPool } from '../rating/cost-pool.ts';
import type { AppliedRate, ExchangeRate } from '../rating/exchange-rates.ts';
import type { RateCard } from '../rating/rate-card.ts';
import type { UnratedUsage } from '../rating/rated-month.ts';
import type { Team } from '../rating/team.ts';
import { type BillLine, billsOf } from './bill.ts';
import { type Launch, type LaunchMonth, monthsOfLaunch, usageOfLaunch } from './launch-usage.ts';
import { measuresByResource, priceMonth } from './price-month.ts';
import { unitCost } from './unit-cost.ts';

export interface LaunchPricing {
  readonly cards: readonly RateCard[];
  readonly exchangeRates: readonly ExchangeRate[];
  /** Of all months: they are named where they would pay in the place of cards. */
  readonly pools: readonly CostPool[];
}

type LaunchLine = Omit<BillLine, 'project' | 'region'>;

export interface LaunchPrice {
  readonly currency: string;
  readonly total: string;
  /** Of one instance and hour, see `unitCost`. */
  readonly perHour: string | null;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  readonly months: readonly {
    readonly period: string;
    readonly total: string;
    readonly exchangeRates: readonly AppliedRate[];
    readonly lines: readonly LaunchLine[];
  }[];
  /** What no rule prices: it is in no total. */
  readonly unrated: readonly Pick<BillLine, 'measure' | 'class' | 'quantity'>[];
  readonly remarks: readonly string[];
}

/** Hours of instances, where prices ask for each: half a minute's work would keep everybody waiting. */
const RESOURCE_HOURS_MAX = 500_000;

/**
 * What instances cost before they are launched: priced as bills price them, by the cards in force in their hours,
 * as if nothing else were used in their months (counts begin at 0; flat amounts and rule minimums are whole). No
 * other adjustment counts, and no cost pool.
 *
 * @throws ProblemError `invalid` when prices ask for each of too many instances; `refused` without a card or a rate
 */
export async function priceLaunch(launch: Launch, pricing: LaunchPricing): Promise<LaunchPrice> {
  const byResource = measuresByResource(pricing.cards);
  if (byResource.size > 0 && launch.count * launch.hours > RESOURCE_HOURS_MAX) {
    throw new ProblemError(
      'invalid',
      `Rules of the rate cards charge by resource, and ${launch.count} instances for ${launch.hours} hours are too many to price one by one: ask for fewer, up to ${RESOURCE_HOURS_MAX} hours in all.`,
    );
  }
  const months: PricedPart[] = [];
  for (const part of monthsOfLaunch(launch)) {
    months.push(await pricePart(launch, { part, byResource, pricing }));
  }
  const currency = months[0]?.total.currency ?? '';
  const total = sumMoney(
    months.map((month) => month.total),
    currency,
  );
  const { from, hours, count } = launch;
  return {
    currency,
    total: moneyText(total),
    perHour: unitCost(total, fromInteger(BigInt(hours) * BigInt(count))),
    from: formatInstant(from),
    to: formatInstant(from + hours * HOUR_US),
    months: months.map(({ unrated: _unrated, total: ofMonth, ...month }) => ({
      ...month,
      total: moneyText(ofMonth),
    })),
    unrated: unratedOf(months),
    remarks: remarksOf(launch, months, pricing),
  };
}

interface PricedPart {
  readonly period: string;
  readonly total: Money;
  readonly exchangeRates: readonly AppliedRate[];
  readonly lines: readonly LaunchLine[];
  readonly unrated: readonly UnratedUsage[];
}

async function pricePart(
  launch: Launch,
  {
    part,
    byResource,
    pricing: { cards, exchangeRates },
  }: {
    readonly part: LaunchMonth;
    readonly byResource: ReadonlySet<string>;
    readonly pricing: LaunchPricing;
  },
): Promise<PricedPart> {
  const placed = { ...launch, project: launch.project === '' ? 'launch' : launch.project };
  const priced = await priceMonth({
    period: part.period,
    usage: usageOfLaunch(placed, part, byResource),
    teams: teamsOf(placed),
    ...{ cards, exchangeRates, adjustments: [], pools: [] },
  });
  const {
    currency,
    bills,
    exchangeRates: applied = [],
  } = billsOf(priced.rated, priced.adjustments);
  const lines = bills.flatMap((bill) => bill.lines);
  return {
    period: part.period,
    total: sumMoney(
      lines.map(({ amount }) => moneyOf(amount, currency)),
      currency,
    ),
    exchangeRates: applied,
    lines: lines.map(({ project: _project, region: _region, ...line }) => line),
    unrated: priced.rated.unrated,
  };
}

function teamsOf({ team, project }: Launch): Team[] {
  return team === '' ? [] : [{ id: team, projects: [{ project }] }];
}

function unratedOf(months: readonly PricedPart[]): LaunchPrice['unrated'] {
  const sums = new Map<string, { measure: string; class: string; quantity: Decimal }>();
  for (const one of months.flatMap(({ unrated }) => unrated)) {
    const { measure, class: ofClass } = one;
    const name = JSON.stringify([measure, ofClass]);
    const quantity = add(sums.get(name)?.quantity ?? ZERO, one.quantity);
    sums.set(name, { measure, class: ofClass, quantity });
  }
  return [...sums.values()].map((one) => ({ ...one, quantity: toText(one.quantity) }));
}

function remarksOf(
  { region }: Launch,
  months: readonly PricedPart[],
  { pools }: LaunchPricing,
): string[] {
  const paid = months.filter(({ period }) =>
    pools.some((pool) => pool.region === region && pool.period === period),
  );
  if (paid.length === 0) return [];
  const told = paid.map(({ period }) => period).join(', ');
  return [
    `Cost pools pay for region "${region}" in ${told}: its bills divide them, and have no prices of cards.`,
  ];
}
