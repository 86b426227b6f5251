/** Causes for which bills of one month come to another amount than those of another (docs/explain.md). */
export const EFFECTS = [
  'price',
  'volume',
  'new',
  'gone',
  'pools',
  'commitments',
  'minimums',
  'adjustments',
] as const;
/** One of them. */
export type Effect = (typeof EFFECTS)[number];

/** What an amount changed by, by cause; the effects add up to the change exactly. */
export type Effects = Readonly<Record<Effect, string>>;
