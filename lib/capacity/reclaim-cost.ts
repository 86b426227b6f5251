import { measuresByResource, type PriceMonthInput, priceMonth } from '../billing/price-month.ts';
import { decimalOf } from '../decimal/decimal.ts';
import { type Money, money, moneyText, sumMoney } from '../money/money.ts';
import { addDays, type Day, daysOfMonth, monthOf, startOfDay } from '../period/calendar.ts';
import { HOUR_US } from '../period/instant.ts';
import type { DayUsage } from '../ports/surveys.ts';
import type { UsageSpan } from '../rating/usage-row.ts';

export type ReclaimPricing = Pick<PriceMonthInput, 'cards' | 'teams' | 'pools' | 'exchangeRates'>;

/** What a team would not have paid in the month. */
export interface TeamSaving {
  readonly team: string;
  /** Exact decimal text in the currency of the bills. */
  readonly amount: string;
}

export interface Savings {
  readonly currency: string;
  /** Exact decimal text. */
  readonly total: string;
  /** Who pays nothing of it is not among them. */
  readonly teams: readonly TeamSaving[];
}

const SCALE = 15;
const HOURS_PER_DAY = 24n;

/**
 * Prices what could be given back: a month that goes on as the last day did, less the same month
 * without it, by the cards in force at the end of that day. So allowances and bands count as they do
 * in the bill. Discounts, commitments and cost pools are left out.
 */
export class ReclaimCosts {
  readonly #region: string;
  readonly #day: Day;
  readonly #byResourceId: ReadonlyMap<string, readonly DayUsage[]>;
  readonly #byProject: ReadonlyMap<string, readonly DayUsage[]>;
  readonly #pricing: ReclaimPricing;
  readonly #byResource: ReadonlySet<string>;
  readonly #hours: readonly number[];
  readonly #hoursInMonth: bigint;
  readonly #known = new Map<string, Promise<Savings | null>>();

  constructor(input: {
    readonly region: string;
    readonly day: Day;
    /** Of the day, of the whole region. */
    readonly usage: readonly DayUsage[];
    readonly pricing: ReclaimPricing;
  }) {
    this.#region = input.region;
    this.#day = input.day;
    this.#byResourceId = Map.groupBy(input.usage, ({ resource }) => resource);
    this.#byProject = Map.groupBy(input.usage, ({ project }) => project);
    this.#pricing = input.pricing;
    this.#byResource = measuresByResource(input.pricing.cards);
    const days = daysOfMonth(monthOf(startOfDay(input.day)));
    this.#hoursInMonth = BigInt(days.length) * HOURS_PER_DAY;
    const end = startOfDay(addDays(input.day, 1)) / HOUR_US;
    const first = startOfDay(days[0] ?? input.day) / HOUR_US;
    // Prices of each hour need the hours of a month; all others ask for its sum alone.
    this.#hours = this.#countsHours
      ? Array.from({ length: Number(this.#hoursInMonth) }, (_, index) => first + index)
      : [end - 1];
  }

  /** @param kept what of the resource's usage stays, by measure: 0 to 1; left out: nothing. Null where cards do not price it. */
  savings(
    resource: string,
    kept: ReadonlyMap<string, number> = new Map(),
  ): Promise<Savings | null> {
    const own = this.#byResourceId.get(resource) ?? [];
    const name = JSON.stringify([
      own.map(({ resource: _, ...row }) => row),
      [...kept],
      this.#byResource.size > 0 ? resource : '',
    ]);
    const known = this.#known.get(name) ?? this.#price(own, kept);
    this.#known.set(name, known);
    return known;
  }

  get #countsHours(): boolean {
    const rules = this.#pricing.cards.flatMap((card) => card.rules);
    return rules.some(
      ({ price }) =>
        price.model === 'hashmap' || (price.model === 'flat' && price.per === 'resource-month'),
    );
  }

  async #price(
    own: readonly DayUsage[],
    kept: ReadonlyMap<string, number>,
  ): Promise<Savings | null> {
    const period = monthOf(startOfDay(this.#day));
    const isPooled = this.#pricing.pools.some(
      (pool) => pool.region === this.#region && pool.period === period,
    );
    if (own.length === 0 || isPooled || this.#pricing.cards.length === 0) return null;
    const measures = new Set(own.map(({ measure }) => measure));
    const projects = this.#projectsBeside(new Set(own.map(({ project }) => project)));
    const beside = [...projects]
      .flatMap((project) => this.#byProject.get(project) ?? [])
      .filter(({ measure }) => measures.has(measure));
    const given = new Set(own);
    const rest = beside.flatMap((row) => {
      const share = given.has(row) ? (kept.get(row.measure) ?? 0) : 1;
      return share > 0 ? [this.#span(row, share)] : [];
    });
    const [before, after] = [
      await this.#totals(beside.map((row) => this.#span(row, 1))),
      await this.#totals(rest),
    ];
    const currency = [...before.values()][0]?.currency;
    if (currency === undefined) return null;
    const teams = [...before].map(([team, total]) => {
      const left = after.get(team)?.minor ?? 0n;
      return { team, amount: money(total.minor - left, total.currency) };
    });
    const saving = teams.filter(({ amount }) => amount.minor > 0n);
    return {
      currency,
      total: moneyText(
        sumMoney(
          saving.map(({ amount }) => amount),
          currency,
        ),
      ),
      teams: saving.map(({ team, amount }) => ({ team, amount: moneyText(amount) })),
    };
  }

  /** All that the teams of these projects are billed for: their bands and allowances count together. */
  #projectsBeside(projects: ReadonlySet<string>): ReadonlySet<string> {
    const teams = this.#pricing.teams.filter((team) =>
      team.projects.some(({ project }) => projects.has(project)),
    );
    return new Set([
      ...projects,
      ...teams.flatMap((team) => team.projects.map(({ project }) => project)),
    ]);
  }

  #span(usage: DayUsage, share: number): UsageSpan {
    const { project, resource, measure, class: ofClass, metadata, quantity } = usage;
    const { unscaled, scale } = decimalOf(quantity);
    const parts = BigInt(Math.round(share * 1_000));
    const month =
      (unscaled * 10n ** BigInt(SCALE - scale) * this.#hoursInMonth * parts) /
      (HOURS_PER_DAY * 1_000n);
    const each = month / BigInt(this.#hours.length);
    const named = this.#byResource.has(measure) ? { resource } : {};
    return {
      ...{ region: this.#region, project, measure, class: ofClass, metadata, ...named },
      hours: this.#hours,
      quantities: this.#hours.map(() => each),
      scale: SCALE,
    };
  }

  async #totals(usage: readonly UsageSpan[]): Promise<ReadonlyMap<string, Money>> {
    const period = monthOf(startOfDay(this.#day));
    const { rated } = await priceMonth({
      ...this.#pricing,
      period,
      usage,
      adjustments: [],
      pools: [],
    });
    const byTeam = Map.groupBy(rated.lines, ({ team }) => team);
    return new Map(
      [...byTeam].map(([team, lines]) => [
        team,
        sumMoney(
          lines.map(({ amount }) => amount),
          rated.currency,
        ),
      ]),
    );
  }
}
