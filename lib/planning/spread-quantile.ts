import { normalQuantile } from '../forecasting/random.ts';
import type { Spread } from './spread.ts';

const EDGE = normalQuantile(0.9);

/**
 * The value that the amount stays below with this probability: two halves of normals that meet at
 * `mid`, so that `low` and `high` are its 10 % and 90 % quantiles; never below 0.
 */
export function spreadQuantile({ low, mid, high }: Spread, probability: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  const score = normalQuantile(inside) / EDGE;
  return Math.max(0, mid + score * (score < 0 ? mid - low : high - mid));
}
