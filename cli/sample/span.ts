import type { InstantUs } from '../../lib/period/instant.ts';
import type { Random } from './random.ts';

/** Half-open. */
export interface Span {
  readonly start: InstantUs;
  readonly end: InstantUs;
}

/** A whole second somewhere between. */
export function between(random: Random, from: InstantUs, to: InstantUs): InstantUs {
  return from + random.integer(Math.max(1, Math.floor((to - from) / 1_000_000))) * 1_000_000;
}
