import { decimal } from '../decimal/decimal.ts';
import { periodOfMonth } from '../period/calendar.ts';
import type { CardCalendar } from './card-calendar.ts';
import { HourlyShares } from './hourly-shares.ts';
import { compareLines, compareUnrated, type RatedLine, type RatedMonth } from './rated-month.ts';
import { RuleIndex } from './rule-index.ts';
import type { ShareBook } from './shares.ts';
import { TeamRating } from './team-rating.ts';
import { type LineKey, USAGE_SCALE, type UsageMonth } from './usage-month.ts';

/**
 * Prices a month: each hour's usage is split by project shares, and rules price each team's part in
 * fill order (hour, region, project, class, resource). Commitments stand between the two.
 *
 * The result depends on nothing but its arguments, and not on the order of cards, teams or rows.
 */
export function rateMonth(
  usage: UsageMonth,
  calendar: CardCalendar,
  shares: ShareBook,
): RatedMonth {
  const hourlyShares = new HourlyShares(shares, periodOfMonth(usage.period).start);
  const quantityScale = USAGE_SCALE + hourlyShares.addedScale;
  const rules = calendar.cards.map((card) => new RuleIndex(card));
  const context = { calendar, rules, quantityScale, hoursInMonth: usage.hours };
  const teams = new Map<string, TeamRating>();
  const lineKeys: LineKey[] = [];
  for (let hour = 0; hour < usage.hours; hour += 1) {
    for (const { series, quantity } of usage.usageOf(hour)) {
      const key = usage.lineOf(series);
      lineKeys[series.line] = key;
      for (const { team, factor } of hourlyShares.partsOf(key.project, hour)) {
        let rating = teams.get(team);
        if (rating === undefined) {
          rating = new TeamRating(team, context);
          teams.set(team, rating);
        }
        rating.take(key, {
          line: series.line,
          quantity: quantity * factor,
          hour,
          resource: series.resourceNumber,
        });
      }
    }
  }
  return resultOf({ usage, calendar, quantityScale, lineKeys }, [...teams.values()]);
}

interface Result {
  readonly usage: UsageMonth;
  readonly calendar: CardCalendar;
  readonly quantityScale: number;
  readonly lineKeys: readonly LineKey[];
}

function resultOf(result: Result, ratings: readonly TeamRating[]): RatedMonth {
  const { usage, calendar, quantityScale, lineKeys } = result;
  const lines: RatedLine[] = ratings.flatMap((rating) => [...rating.lines(lineKeys)]);
  const unrated = ratings.flatMap((rating) =>
    [...rating.unrated].flatMap(([line, quantity]) => {
      const key = lineKeys[line];
      if (key === undefined) return [];
      return [{ team: rating.team, ...key, quantity: decimal(quantity, quantityScale) }];
    }),
  );
  return {
    period: usage.period,
    currency: calendar.currency,
    lines: lines.sort(compareLines),
    unrated: unrated.sort(compareUnrated),
  };
}
