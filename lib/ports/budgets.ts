import type { Month } from '../period/calendar.ts';

/** Against what a budget is held: the bill so far, what it is to come to, or what it exceeds in one case of ten. */
export const THRESHOLD_KINDS = ['actual', 'projected', 'projected-p90'] as const;
export type ThresholdKind = (typeof THRESHOLD_KINDS)[number];

/** One threshold of a team's budget in a month: it is told once. */
export interface ThresholdKey {
  readonly period: Month;
  readonly team: string;
  readonly kind: ThresholdKind;
  /** Of the budget, a decimal such as `80`. */
  readonly percent: string;
}

/** A threshold that was reached, and whether anybody was told. */
export interface ReachedThreshold extends ThresholdKey {
  /** RFC 3339: when it was first seen. */
  readonly reachedAt: string;
  /** Null until its event was taken: whoever comes later sends it again. */
  readonly sentAt: string | null;
}

/** Which thresholds of budgets were reached. */
export interface BudgetStates {
  /** Records the threshold unless it is recorded; gives what is. */
  reach(key: ThresholdKey, at: string): Promise<ReachedThreshold>;
  sent(key: ThresholdKey, at: string): Promise<void>;
  list(period: Month): Promise<readonly ReachedThreshold[]>;
}
