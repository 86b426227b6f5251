import { type Decimal, decimal, multiply } from '../../lib/decimal/decimal.ts';
import { ProblemError } from '../../lib/errors.ts';
import { type Day, startOfDay } from '../../lib/period/calendar.ts';
import { DAY_US } from '../../lib/period/instant.ts';
import { shareBook } from '../../lib/rating/shares.ts';
import { readTeam, UNASSIGNED } from '../../lib/rating/team.ts';

/** Who bears what of a project's day. */
export interface TeamSplit {
  /** Parts add up to the quantity exactly. */
  readonly parts: (
    project: string,
    day: Day,
    quantity: Decimal,
  ) => readonly { readonly team: string; readonly quantity: Decimal }[];
}

const PERCENT = decimal(1n, 2);

/** @param teams documents of the teams, as they are stored */
export function teamSplit(teams: readonly unknown[]): TeamSplit {
  const book = shareBook(teams.map(readTeam));
  return {
    parts: (project, day, quantity) => {
      const spans = book.get(project);
      if (spans === undefined) return [{ team: UNASSIGNED, quantity }];
      const start = startOfDay(day);
      const span = spans.find((one) => one.start <= start && one.end >= start + DAY_US);
      if (span === undefined) {
        throw new ProblemError(
          'refused',
          `Project "${project}" changes hands within ${day}, and usage by day cannot be split there: leave team out of groupBy, or see the bills, which split by hour.`,
        );
      }
      return span.parts.map(({ team, percent }) => ({
        team,
        quantity: multiply(multiply(quantity, percent), PERCENT),
      }));
    },
  };
}
