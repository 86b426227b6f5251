import { ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { money, roundToMinor, sumMoney } from '../money/money.ts';
import type { CardCalendar } from './card-calendar.ts';
import { converted } from './exchange-rates.ts';
import type { RuleMinimumBasis } from './line-basis.ts';
import type { RatedLine } from './rated-month.ts';

/**
 * The lines `<rule>:minimum` that top a team's lines of a rule up to its minimum. The minimum is
 * that of the latest card of the month that gives the rule one; a team that has no line of the rule
 * owes none.
 *
 * @param lines a month's rated lines, rounded
 * @returns of each team by rule
 */
export function ruleMinimums(
  lines: readonly RatedLine[],
  { cards, currency, conversions }: Pick<CardCalendar, 'cards' | 'currency' | 'conversions'>,
): RatedLine[] {
  const minimums = new Map<string, Minimum>();
  for (const card of cards) {
    const rate = conversions.get(card.currency);
    for (const rule of card.rules) {
      if (rule.minimum === undefined) continue;
      const { unscaled: numerator, scale } = rule.minimum;
      const exact = converted({ numerator, scale, divisor: 1n }, rate?.rate);
      minimums.set(rule.id, { card, rule, rate, owed: roundToMinor(exact, currency) });
    }
  }
  return [...Map.groupBy(lines, ({ team }) => team)].flatMap(([team, ofTeam]) => {
    const byRule = Map.groupBy(ofTeam, ({ rule }) => rule);
    return [...byRule]
      .sort(([a], [b]) => compareText(a, b))
      .flatMap(([id, ofRule]) => topUp(minimums.get(id), { team, lines: ofRule, currency }));
  });
}

type Minimum = Pick<RuleMinimumBasis, 'card' | 'rule' | 'rate' | 'owed'>;

interface Charged {
  readonly team: string;
  readonly lines: readonly RatedLine[];
  readonly currency: CurrencyCode;
}

function topUp(minimum: Minimum | undefined, { team, lines, currency }: Charged): RatedLine[] {
  if (minimum === undefined) return [];
  const { rule, owed } = minimum;
  const charged = sumMoney(
    lines.map(({ amount }) => amount),
    currency,
  );
  if (charged.minor >= owed.minor) return [];
  return [
    {
      team,
      project: '',
      region: '',
      measure: rule.measure,
      class: '',
      rule: `${rule.id}:minimum`,
      card: '',
      band: 0,
      quantity: ZERO,
      amount: money(owed.minor - charged.minor, currency),
      growsWithUse: false,
      basis: { kind: 'rule-minimum', ...minimum, charged },
    },
  ];
}
