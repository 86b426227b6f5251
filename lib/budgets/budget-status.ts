import {
  compare,
  type Decimal,
  decimal,
  decimalOf,
  divideHalfEven,
  fromInteger,
  multiply,
  toFixedText,
  toText,
  unscaledAt,
} from '../decimal/decimal.ts';
import type { ThresholdKind } from '../ports/budgets.ts';
import type { Team } from '../rating/team.ts';

/** A month of a team as its bill tells it: to date, and what it is to come to. */
export interface Spending {
  readonly currency: string;
  readonly total: string;
  /** Null for a bill that is closed: it is what it comes to. */
  readonly projectedTotal: string | null;
  /** What it exceeds in one case of ten; null where that is not told, as of a closed bill. */
  readonly projectedP90: string | null;
}

export interface BudgetThresholdStatus {
  readonly kind: ThresholdKind;
  readonly percent: string;
  readonly isReached: boolean;
}

export interface BudgetStatus {
  readonly team: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly contact: string | null;
  /** Of the budget, or of the bills when it names none. */
  readonly currency: string;
  readonly budget: string;
  readonly actual: string;
  /** As likely more as less. */
  readonly projected: string;
  /** More in one case of ten. */
  readonly projectedP90: string;
  /** Of the budget, to one decimal. */
  readonly actualPercent: string;
  readonly projectedPercent: string;
  readonly projectedP90Percent: string;
  readonly muted: { readonly until: string; readonly by: string; readonly reason?: string } | null;
  /** Why it cannot be compared with the bill; null when it can. */
  readonly problem: string | null;
  readonly thresholds: readonly BudgetThresholdStatus[];
}

const HUNDRED = fromInteger(100);
const NOTHING = { total: '0', projectedTotal: null, projectedP90: null };

/**
 * How far a team's budget of a month is used, compared exactly.
 *
 * @param today `2026-10-05`, UTC: whether a mute holds
 * @returns null for a team without a budget
 */
export function budgetStatus(team: Team, spending: Spending, today: string): BudgetStatus | null {
  const { budget } = team;
  if (budget === undefined) return null;
  const currency = budget.currency ?? spending.currency;
  const isComparable = currency === spending.currency;
  const { actual, projected, p90 } = amountsOf(isComparable ? spending : NOTHING);
  const watched = [
    ['actual', budget.actual, actual],
    ['projected', budget.projected, projected],
    ['projected-p90', budget.projectedP90, p90],
  ] as const;
  const thresholds = watched.flatMap(([kind, percents, amount]) =>
    percents.map((percent) => ({
      kind,
      percent: toText(percent),
      isReached: isComparable && isReached(amount, budget.amount, percent),
    })),
  );
  const { muted } = budget;
  return {
    team: team.id,
    name: team.name ?? null,
    owner: team.owner ?? null,
    contact: team.contact ?? null,
    currency,
    budget: toFixedText(budget.amount),
    actual: toFixedText(actual),
    projected: toFixedText(projected),
    projectedP90: toFixedText(p90),
    actualPercent: percentOf(actual, budget.amount),
    projectedPercent: percentOf(projected, budget.amount),
    projectedP90Percent: percentOf(p90, budget.amount),
    muted:
      muted !== undefined && today < muted.until
        ? {
            until: muted.until,
            by: muted.by,
            ...(muted.reason === undefined ? {} : { reason: muted.reason }),
          }
        : null,
    problem: isComparable
      ? null
      : `The budget is in ${currency} and the bills are in ${spending.currency}: give the budget in ${spending.currency}.`,
    thresholds,
  };
}

/** What a closed bill comes to is certain. */
function amountsOf({ total, projectedTotal, projectedP90 }: Omit<Spending, 'currency'>) {
  const projected = projectedTotal ?? total;
  return {
    actual: decimalOf(total),
    projected: decimalOf(projected),
    p90: decimalOf(projectedP90 ?? projected),
  };
}

/** A threshold of 80 is reached at 80 % exactly. */
function isReached(spent: Decimal, amount: Decimal, percent: Decimal): boolean {
  return compare(multiply(spent, HUNDRED), multiply(amount, percent)) >= 0;
}

function percentOf(spent: Decimal, amount: Decimal): string {
  const scale = Math.max(spent.scale, amount.scale);
  const tenths = divideHalfEven(unscaledAt(spent, scale) * 1_000n, unscaledAt(amount, scale));
  return toFixedText(decimal(tenths, 1));
}
