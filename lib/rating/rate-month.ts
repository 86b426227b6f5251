import { decimal } from '../decimal/decimal.ts';
import { periodOfMonth } from '../period/calendar.ts';
import type { InstantUs } from '../period/instant.ts';
import type { Commitment } from './adjustment.ts';
import type { CardCalendar } from './card-calendar.ts';
import { CommitmentCover } from './commitments.ts';
import type { CostPool } from './cost-pool.ts';
import { CostRecovery } from './cost-recovery.ts';
import { USAGE_SCALE } from './hour-column.ts';
import { HourlyShares } from './hourly-shares.ts';
import type { MonthCourse } from './month-course.ts';
import { compareLines, compareUnrated, type RatedLine, type RatedMonth } from './rated-month.ts';
import { RuleIndex } from './rule-index.ts';
import type { ShareBook } from './shares.ts';
import { TeamRating, type TeamUse } from './team-rating.ts';
import type { LineKey, UsageMonth } from './usage-month.ts';
import type { TakenPart, UsageOrigins } from './usage-origins.ts';

/** What a month is rated by. */
export interface Pricing {
  readonly calendar: CardCalendar;
  readonly shares: ShareBook;
  /** The earlier covers first. */
  readonly commitments: readonly Commitment[];
  /** Of the month, by region: there they take the place of cards. */
  readonly pools: ReadonlyMap<string, readonly CostPool[]>;
  /** Given where it shall be told whose usage was whose. */
  readonly origins?: UsageOrigins;
  /** Given where it shall be told how the month rose day by day. */
  readonly course?: MonthCourse;
}

/**
 * Prices a month: each hour's usage is split by project shares, commitments cover the teams' parts in
 * fill order (hour, region, project, class, resource), and rules price the rest, or the region's cost
 * pools are divided by it.
 *
 * The result depends on nothing but its arguments, and not on the order of cards, teams or rows.
 */
export function rateMonth(usage: UsageMonth, pricing: Pricing): RatedMonth {
  const rating = new MonthRating(usage, pricing);
  for (let hour = 0; hour < usage.hours; hour += 1) {
    rating.takeHour(hour);
    pricing.course?.passed(hour + 1, () => rating.grown());
  }
  return rating.result();
}

class MonthRating {
  readonly #usage: UsageMonth;
  readonly #pricing: Pricing;
  readonly #shares: HourlyShares;
  readonly #quantityScale: number;
  readonly #monthStart: InstantUs;
  readonly #cover: CommitmentCover;
  readonly #recovery: CostRecovery;
  readonly #rules: readonly RuleIndex[];
  readonly #teams = new Map<string, TeamRating>();
  readonly #lineKeys: LineKey[] = [];

  constructor(usage: UsageMonth, pricing: Pricing) {
    const month = periodOfMonth(usage.period);
    this.#usage = usage;
    this.#monthStart = month.start;
    this.#pricing = pricing;
    this.#shares = new HourlyShares(pricing.shares, month.start);
    this.#quantityScale = USAGE_SCALE + this.#shares.addedScale;
    this.#cover = new CommitmentCover(pricing.commitments, month, this.#quantityScale);
    this.#recovery = new CostRecovery(pricing.pools, pricing.calendar, this.#quantityScale);
    this.#rules = pricing.calendar.cards.map((card) => new RuleIndex(card));
  }

  takeHour(hour: number): void {
    for (const { series, quantity } of this.#usage.usageOf(hour)) {
      const { line, matching, metadata, resourceNumber: resource } = series;
      const key = this.#usage.lineOf(series);
      this.#lineKeys[line] = key;
      for (const { team, factor } of this.#shares.partsOf(key.project, hour)) {
        const part = { hour, quantity: quantity * factor };
        const { origins } = this.#pricing;
        const rest =
          origins === undefined
            ? this.#cover.uncovered(team, key, part)
            : this.#traced(origins, { team, key, hour, quantity, factor });
        if (rest > 0n)
          this.#price(team, { key, line, matching, metadata, hour, resource, quantity: rest });
      }
    }
  }

  #traced(origins: UsageOrigins, taken: TakenPart): bigint {
    const { team, key, hour, quantity, factor } = taken;
    const covered = new Map<string, bigint>();
    const part = { hour, quantity: quantity * factor, covered };
    const rest = this.#cover.uncovered(team, key, part);
    origins.take(taken);
    origins.cover(team, key, covered);
    return rest;
  }

  #price(team: string, use: TeamUse): void {
    const { key, quantity } = use;
    if (!this.#recovery.covers(key.region)) this.#ratingOf(team).take(use);
    else if (!this.#recovery.take(team, key, quantity)) this.#ratingOf(team).leave(use);
  }

  #ratingOf(team: string): TeamRating {
    let rating = this.#teams.get(team);
    if (rating === undefined) {
      rating = new TeamRating(team, {
        calendar: this.#pricing.calendar,
        rules: this.#rules,
        quantityScale: this.#quantityScale,
        hoursInMonth: this.#usage.hours,
        monthStart: this.#monthStart,
      });
      this.#teams.set(team, rating);
    }
    return rating;
  }

  /** By team, what grows with use has come to so far. */
  grown(): ReadonlyMap<string, bigint> {
    return new Map([...this.#teams].map(([team, rating]) => [team, rating.grownMillionths()]));
  }

  result(): RatedMonth {
    const { currency, conversions } = this.#pricing.calendar;
    const lines: RatedLine[] = [
      ...this.#cover.lines(currency),
      ...this.#recovery.lines(),
      ...[...this.#teams.values()].flatMap((rating) => [...rating.lines(this.#lineKeys)]),
    ];
    const unrated = [...this.#teams.values()].flatMap((rating) =>
      [...rating.unrated].flatMap(([line, quantity]) => {
        const key = this.#lineKeys[line];
        if (key === undefined) return [];
        return [{ team: rating.team, ...key, quantity: decimal(quantity, this.#quantityScale) }];
      }),
    );
    return {
      period: this.#usage.period,
      currency,
      conversions,
      lines: lines.sort(compareLines),
      unrated: unrated.sort(compareUnrated),
      commitments: this.#cover.uses(),
      origins:
        this.#pricing.origins?.list({
          usageScale: USAGE_SCALE,
          addedScale: this.#shares.addedScale,
        }) ?? [],
    };
  }
}
