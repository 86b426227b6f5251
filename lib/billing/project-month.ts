import { type Money, money, sumMoney, timesRatio } from '../money/money.ts';
import { addMonths, type Month, startOfDay } from '../period/calendar.ts';
import { DAY_US } from '../period/instant.ts';
import {
  type DayCosts,
  PARTS,
  type RemainingCost,
  remainingCost,
} from '../projection/remaining-cost.ts';
import type { MonthCourse } from '../rating/month-course.ts';
import type { RatedLine } from '../rating/rated-month.ts';
import type { PricedMonth } from './price-month.ts';

/** What a month comes to by its end: at most `p10` in one case of ten, above `p90` in one of ten. */
export interface ProjectedRange<T = Money> {
  readonly p10: T;
  /** What is projected. */
  readonly p50: T;
  readonly p90: T;
}

export interface ProjectedRow {
  readonly line: RatedLine;
  readonly projected: Money;
}

export interface ProjectedMonth {
  readonly rows: readonly ProjectedRow[];
  /** By team. */
  readonly ranges: ReadonlyMap<string, ProjectedRange>;
  /** Of all teams: narrower than theirs together, as far as some rise while others fall. */
  readonly range: ProjectedRange;
}

export interface ProjectionInput {
  readonly priced: PricedMonth;
  readonly course: MonthCourse;
  /** What the days of the month before came to, by team, in millionths; empty where it is not known. */
  readonly daysBefore: ReadonlyMap<string, readonly bigint[]>;
}

/**
 * Carries a month to its end: a line that grows with use by what its team's days let expect, others
 * stay; adjustments are made on the lines as they are projected.
 */
export function projectMonth(input: ProjectionInput): ProjectedMonth {
  const { priced } = input;
  const teams = [...new Set(priced.rated.lines.map(({ team }) => team))];
  const rest = new Map(teams.map((team) => [team, remainingOf(input, [team])]));
  const together = remainingOf(input, teams);
  const rows = projectedRows(
    priced,
    growthOf(rest, ({ middle }) => middle),
  );
  const middle = totalsOf(
    rows.map(({ line, projected }) => ({ ...line, amount: projected })),
    priced,
  );
  const totalsAt = (growth: Growth) => {
    const lines = grownLines(priced, growth);
    return totalsOf([...lines, ...priced.adjust(lines)], priced);
  };
  const [low, high] = [
    totalsAt(growthOf(rest, (own) => own.low)),
    totalsAt(growthOf(rest, (own) => own.high)),
  ];
  const nothing = money(0n, priced.rated.currency);
  const rangeOf = (team: string, p50: Money) =>
    ordered(low.get(team) ?? nothing, p50, high.get(team) ?? nothing);
  const sum = (totals: ReadonlyMap<string, Money>) => sumMoney(totals.values(), nothing.currency);
  return {
    rows,
    ranges: new Map([...middle].map(([team, p50]) => [team, rangeOf(team, p50)])),
    range: ordered(
      sum(totalsAt(growthOf(rest, (own) => scaled(own.middle, together.low, together.middle)))),
      sum(middle),
      sum(totalsAt(growthOf(rest, (own) => scaled(own.middle, together.high, together.middle)))),
    ),
  };
}

/** What a team's lines that grow with use come to, in `PARTS` of what they are. */
type Growth = (team: string) => bigint;

function growthOf(
  rest: ReadonlyMap<string, RemainingCost>,
  part: (own: RemainingCost) => bigint,
): Growth {
  const parts = new Map([...rest].map(([team, own]) => [team, PARTS + part(own)]));
  return (team) => parts.get(team) ?? PARTS;
}

/** All teams together are as uncertain as their sum was restless. */
function scaled(part: bigint, numerator: bigint, divisor: bigint): bigint {
  return divisor === 0n ? part : (part * numerator) / divisor;
}

function remainingOf({ priced, course, daysBefore }: ProjectionInput, teams: readonly string[]) {
  const { period } = priced.rated;
  const grown = teams.reduce((sum, team) => sum + course.grownOf(team), 0n);
  const month = sumOfDays(teams.map((team) => course.daysOf(team)));
  const before = sumOfDays(teams.map((team) => daysBefore.get(team) ?? []));
  return remainingCost({
    month: daysFromFirst(period, month),
    before: before.length === 0 ? null : daysFromFirst(addMonths(period, -1), before),
    grown,
    elapsedHours: course.hours,
    hoursInMonth: priced.usage.hours,
  });
}

function sumOfDays(lists: readonly (readonly bigint[])[]): bigint[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, day) =>
    lists.reduce((sum, days) => sum + (days[day] ?? 0n), 0n),
  );
}

function daysFromFirst(period: Month, costs: readonly bigint[]): DayCosts {
  return { firstWeekday: (startOfDay(`${period}-01`) / DAY_US) % 7, costs };
}

function grownLines({ rated }: PricedMonth, growth: Growth): RatedLine[] {
  return rated.lines.map((line) =>
    line.growsWithUse
      ? { ...line, amount: timesRatio(line.amount, growth(line.team), PARTS) }
      : line,
  );
}

function projectedRows(priced: PricedMonth, growth: Growth): ProjectedRow[] {
  const { rated, adjustments, adjust } = priced;
  const grown = grownLines(priced, growth);
  const rows = rated.lines.map((line, index) => ({
    line,
    projected: grown[index]?.amount ?? line.amount,
  }));
  const later = adjust(grown);
  const nothing = money(0n, rated.currency);
  const adjusted = adjustments.map((line) => {
    const projected = later.find((other) => isSame(line, other))?.amount ?? nothing;
    return { line, projected };
  });
  const yetToCome = later
    .filter((other) => !adjustments.some((line) => isSame(line, other)))
    .map((line) => ({ line: { ...line, amount: nothing }, projected: line.amount }));
  return [...rows, ...adjusted, ...yetToCome];
}

/** An adjustment gives a team one line at most. */
function isSame(a: RatedLine, b: RatedLine): boolean {
  return a.team === b.team && a.rule === b.rule;
}

function totalsOf(lines: readonly RatedLine[], { rated }: PricedMonth): ReadonlyMap<string, Money> {
  const minor = new Map<string, bigint>();
  for (const { team, amount } of lines) minor.set(team, (minor.get(team) ?? 0n) + amount.minor);
  return new Map([...minor].map(([team, sum]) => [team, money(sum, rated.currency)]));
}

/** More use may come to less where prices are below 0: a range is told from its lower end all the same. */
function ordered(one: Money, p50: Money, other: Money): ProjectedRange {
  const amounts = [one, p50, other];
  return {
    p10: amounts.reduce((a, b) => (b.minor < a.minor ? b : a)),
    p50,
    p90: amounts.reduce((a, b) => (b.minor > a.minor ? b : a)),
  };
}
