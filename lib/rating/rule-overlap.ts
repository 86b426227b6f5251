import { compareText } from '../identifiers.ts';
import type { Labels } from '../labels.ts';

/** What tells rules apart: the one with the most matchers wins, so ties must be impossible. */
export interface Matching {
  readonly measure: string;
  readonly match?: Match | undefined;
}

export interface Match {
  readonly region?: string | undefined;
  readonly class?: string | undefined;
  readonly project?: string | undefined;
  readonly team?: string | undefined;
  readonly metadata?: Labels | undefined;
}

const MATCHERS = ['region', 'class', 'project', 'team'] as const;

/** A matcher has this name, or `metadata.<key>`. */
export type Matcher = (typeof MATCHERS)[number] | `metadata.${string}`;

/** The matchers that the rule has, in the order of `MATCHERS`, then keys of metadata. */
export function matchersOf({ match = {} }: Matching): Matcher[] {
  const keys = Object.keys(match.metadata ?? {}).sort(compareText);
  return [
    ...MATCHERS.filter((matcher) => match[matcher] !== undefined),
    ...keys.map((key) => `metadata.${key}` as const),
  ];
}

/** What a matcher is held against, in a rule or in usage; undefined where there is none. */
export function namedBy(of: Match, matcher: Matcher): string | undefined {
  const own = MATCHERS.find((one) => one === matcher);
  if (own !== undefined) return of[own];
  const key = matcher.slice('metadata.'.length);
  return of.metadata && Object.hasOwn(of.metadata, key) ? of.metadata[key] : undefined;
}

/**
 * Pairs of rules with equally many matchers that can match the same usage: those whose common
 * matchers name the same. One pair is told for each rule that has any; the time is linear in the
 * rules, since rules are compared by what they name and not one by one.
 */
export function* findOverlaps(
  rules: readonly Matching[],
): Iterable<{ readonly first: number; readonly second: number }> {
  const shapes = new Map<string, Matcher[]>();
  for (const rule of rules) shapes.set(matchersOf(rule).join(), matchersOf(rule));
  const seen = new Map<string, number>();
  for (const [second, rule] of rules.entries()) {
    const own = matchersOf(rule);
    const rivals = [...shapes.values()].filter((shape) => shape.length === own.length);
    const first = rivals
      .map((shape) => seen.get(keyOf(rule, shape, commonTo(own, shape))))
      .find((index) => index !== undefined);
    if (first !== undefined) yield { first, second };
    for (const shape of rivals) {
      const key = keyOf(rule, own, commonTo(own, shape));
      if (!seen.has(key)) seen.set(key, second);
    }
  }
}

function commonTo(a: readonly Matcher[], b: readonly Matcher[]): Matcher[] {
  return a.filter((matcher) => b.includes(matcher));
}

/** Rules of one shape that name the same in the common matchers have one key. */
function keyOf(rule: Matching, shape: readonly Matcher[], common: readonly Matcher[]): string {
  const named = common.map((matcher) => [matcher, namedBy(rule.match ?? {}, matcher)]);
  return JSON.stringify([rule.measure, shape, named]);
}
