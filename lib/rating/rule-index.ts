import type { Labels } from '../labels.ts';
import { compositeKey } from './interner.ts';
import type { RateCard, Rule } from './rate-card.ts';
import { type Matcher, matchersOf, namedBy } from './rule-overlap.ts';

/** What a rule is found by. */
interface Matchable {
  readonly measure: string;
  readonly region: string;
  readonly class: string;
  readonly project: string;
  readonly team: string;
  readonly metadata: Labels;
}

/**
 * Finds the rule with the most matchers among those of a card. Ties cannot be: a card with rules
 * that tie is refused when it is read.
 */
export class RuleIndex {
  readonly #byKey = new Map<string, Rule>();
  /** Which matchers rules of the card have, those with the most first. */
  readonly #shapes: readonly (readonly Matcher[])[];

  constructor(card: RateCard) {
    const shapes = new Map<string, Matcher[]>();
    for (const rule of card.rules) {
      const shape = matchersOf(rule);
      shapes.set(shape.join(), shape);
      const named = shape.map((matcher) => namedBy(rule.match ?? {}, matcher) ?? '');
      this.#byKey.set(keyOf(rule.measure, shape, named), rule);
    }
    this.#shapes = [...shapes.values()].sort((a, b) => b.length - a.length);
  }

  find(usage: Matchable): Rule | null {
    for (const shape of this.#shapes) {
      const named = shape.map((matcher) => namedBy(usage, matcher));
      if (!isComplete(named)) continue;
      const rule = this.#byKey.get(keyOf(usage.measure, shape, named));
      if (rule !== undefined) return rule;
    }
    return null;
  }
}

/** Usage without a label is matched by no rule that names it. */
function isComplete(named: readonly (string | undefined)[]): named is readonly string[] {
  return !named.includes(undefined);
}

function keyOf(measure: string, shape: readonly Matcher[], named: readonly string[]): string {
  return compositeKey([measure, shape.join(), ...named]);
}
