import { ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { money, roundToMinor, sumMoney } from '../money/money.ts';
import type { RateCard, Rule } from './rate-card.ts';
import type { RatedLine } from './rated-month.ts';

/**
 * The lines `<rule>:minimum` that top a team's lines of a rule up to its minimum. The minimum is
 * that of the latest card of the month that gives the rule one; a team that has no line of the rule
 * owes none.
 *
 * @param lines a month's rated lines, rounded
 * @param cards cards in force in the month, earliest first
 * @returns by team, then rule
 */
export function ruleMinimums(
  lines: readonly RatedLine[],
  cards: readonly RateCard[],
  currency: CurrencyCode,
): RatedLine[] {
  const rules = new Map<string, Rule>();
  for (const rule of cards.flatMap((card) => card.rules)) {
    if (rule.minimum !== undefined) rules.set(rule.id, rule);
  }
  if (rules.size === 0) return [];
  return [...Map.groupBy(lines, ({ team }) => team)]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([team, ofTeam]) => {
      const byRule = Map.groupBy(ofTeam, ({ rule }) => rule);
      return [...byRule]
        .sort(([a], [b]) => compareText(a, b))
        .flatMap(([id, ofRule]) => topUp(rules.get(id), { team, lines: ofRule, currency }));
    });
}

interface Charged {
  readonly team: string;
  readonly lines: readonly RatedLine[];
  readonly currency: CurrencyCode;
}

function topUp(rule: Rule | undefined, { team, lines, currency }: Charged): RatedLine[] {
  if (rule?.minimum === undefined) return [];
  const { unscaled: numerator, scale } = rule.minimum;
  const owed = roundToMinor({ numerator, scale, divisor: 1n }, currency);
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
    },
  ];
}
