import {
  add,
  compare,
  type Decimal,
  decimalOf,
  fromInteger,
  multiply,
  negate,
  subtract,
  toFixedText,
  ZERO,
} from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { periodOfMonth } from '../period/calendar.ts';
import { formatInstant, HOUR_US } from '../period/instant.ts';
import { UNASSIGNED } from '../rating/team.ts';
import type { BillLine, UnratedLine } from './bill.ts';
import type { BillingSettings, CloseCheckName } from './billing-settings.ts';
import type { ClosedMonth } from './close-month.ts';

/** Something about a month's bills that a person should look at before they are issued. */
export interface CloseFinding {
  readonly check: CloseCheckName;
  readonly message: string;
  /** Whether the settings let it refuse an issue. */
  readonly refuses: boolean;
}

interface TeamTotal {
  readonly team: string;
  readonly total: string;
}

export interface CloseChecksInput {
  readonly closed: Pick<
    ClosedMonth,
    'period' | 'currency' | 'bills' | 'unrated' | 'hoursWithoutCard'
  >;
  /** The bills of the month before that stand; null when there are none in the same currency. */
  readonly previous: readonly TeamTotal[] | null;
  readonly settings: Pick<BillingSettings, 'jumpPercent' | 'jumpAmount' | 'refuse'>;
}

const JUMP_PERCENT = fromInteger(50);
const JUMP_AMOUNT = fromInteger(10);
const HUNDRED = fromInteger(100);
const NAMED_MAX = 5;

/** What a close reports beside the completeness of the data; nothing of it refuses but by setting. */
export function closeFindings(input: CloseChecksInput): CloseFinding[] {
  const { closed, settings } = input;
  const found: [CloseCheckName, string][] = [
    ...unmapped(closed).map((text): [CloseCheckName, string] => ['unmapped', text]),
    ...unrated(closed.unrated).map((text): [CloseCheckName, string] => ['unrated', text]),
    ...negative(closed).map((text): [CloseCheckName, string] => ['negative', text]),
    ...jumps(input).map((text): [CloseCheckName, string] => ['jump', text]),
    ...cardGaps(closed).map((text): [CloseCheckName, string] => ['card-gap', text]),
  ];
  return found.map(([check, message]) => ({
    check,
    message,
    refuses: settings.refuse?.includes(check) ?? false,
  }));
}

/** Projects that have no team, or not in full, with what they cost. */
function unmapped({ bills, currency }: CloseChecksInput['closed']): string[] {
  const bill = bills.find((one) => one.bill.team === UNASSIGNED)?.bill;
  const lines = (bill?.lines ?? []).filter(({ project }) => project !== '');
  const byProject = [...Map.groupBy(lines, ({ project }) => project)]
    .map(([project, own]) => ({ project, cost: sumOf(own) }))
    .sort((a, b) => compare(b.cost, a.cost) || compareText(a.project, b.project));
  if (byProject.length === 0) return [];
  const cost = toFixedText(byProject.map((one) => one.cost).reduce(add));
  const named = byProject.map((one) => `"${one.project}" ${toFixedText(one.cost)}`);
  return [
    `${counted(byProject.length, 'project has', 'projects have')} no team, or not in full: ${cost} ${currency} (${listed(named)})`,
  ];
}

function unrated(rows: readonly UnratedLine[]): string[] {
  if (rows.length === 0) return [];
  const measures = [...new Set(rows.map(({ measure }) => measure))].toSorted(compareText);
  return [
    `${counted(rows.length, 'row', 'rows')} of usage ${rows.length === 1 ? 'has' : 'have'} no price: ${listed(measures)}`,
  ];
}

/** Of usage: discounts and credits are meant to be below 0. */
function negative({ bills, currency }: CloseChecksInput['closed']): string[] {
  const lines = bills.flatMap(({ bill }) =>
    bill.lines
      .filter(({ project, amount }) => project !== '' && amount.startsWith('-'))
      .map(
        (line) => `${bill.team}, project "${line.project}", rule "${line.rule}": ${line.amount}`,
      ),
  );
  const totals = bills.filter(({ bill }) => bill.total.startsWith('-'));
  return [
    ...(lines.length === 0
      ? []
      : [`${counted(lines.length, 'line is', 'lines are')} negative: ${listed(lines)}`]),
    ...totals.map(({ bill }) => `the bill of ${bill.team} is negative: ${bill.total} ${currency}`),
  ];
}

function jumps({ closed, previous, settings }: CloseChecksInput): string[] {
  if (previous === null) return [];
  const percent = settings.jumpPercent ?? JUMP_PERCENT;
  const least = settings.jumpAmount ?? JUMP_AMOUNT;
  const now = new Map(closed.bills.map(({ bill }) => [bill.team, decimalOf(bill.total)]));
  const then = new Map(previous.map(({ team, total }) => [team, decimalOf(total)]));
  return [...new Set([...now.keys(), ...then.keys()])].toSorted(compareText).flatMap((team) => {
    const [after, before] = [now.get(team) ?? ZERO, then.get(team) ?? ZERO];
    const change = absolute(subtract(after, before));
    const isLarge = compare(change, least) >= 0;
    const isJump = compare(multiply(change, HUNDRED), multiply(absolute(before), percent)) > 0;
    if (!isLarge || !isJump) return [];
    return [`${team}: ${told(before)} last month, ${told(after)} now`];
  });

  function told(value: Decimal): string {
    return `${toFixedText(value)} ${closed.currency}`;
  }
}

function cardGaps({ period, hoursWithoutCard }: CloseChecksInput['closed']): string[] {
  if (hoursWithoutCard === 0) return [];
  const until = formatInstant(periodOfMonth(period).start + hoursWithoutCard * HOUR_US);
  return [
    `no rate card is in force in the month's first ${hoursWithoutCard} hours, until ${until}`,
  ];
}

function sumOf(lines: readonly Pick<BillLine, 'amount'>[]): Decimal {
  return lines.map(({ amount }) => decimalOf(amount)).reduce(add, ZERO);
}

function absolute(value: Decimal): Decimal {
  return value.unscaled < 0n ? negate(value) : value;
}

function listed(items: readonly string[]): string {
  const named = items.slice(0, NAMED_MAX).join(', ');
  return items.length > NAMED_MAX ? `${named} and ${items.length - NAMED_MAX} more` : named;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
