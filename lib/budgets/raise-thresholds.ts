import { dayOf, type Month } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { BudgetStates, ReachedThreshold, ThresholdKey } from '../ports/budgets.ts';
import type { Events } from '../ports/events.ts';
import type { Team } from '../rating/team.ts';
import { type BudgetStatus, budgetStatus, type Spending } from './budget-status.ts';

export interface BudgetPorts {
  readonly budgets: Pick<BudgetStates, 'reach' | 'sent'>;
  readonly events: Events;
  readonly now: () => Date;
}

/** As long as a call can last: an event that has not been taken by then is sent again. */
const SENDING_MS_MAX = 15 * 60_000;

export interface Raised {
  readonly raised: readonly ThresholdKey[];
  /** Why events were not taken: the next estimate sends them again. */
  readonly failures: readonly string[];
}

export interface MonthOfTeams {
  readonly period: Month;
  readonly currency: string;
  readonly teams: readonly Team[];
  /** By team; those without a bill have spent nothing. */
  readonly spendings: ReadonlyMap<string, Spending>;
}

/**
 * Tells each threshold that a team's budget has reached, once in the month. Those of a muted budget
 * wait until it is muted no more.
 */
export async function raiseThresholds(ports: BudgetPorts, month: MonthOfTeams): Promise<Raised> {
  const raised: ThresholdKey[] = [];
  const failures: string[] = [];
  for (const { key, status } of reachedIn(month, dayOf(instantOfDate(ports.now())))) {
    try {
      if (await tellOnce(ports, key, status)) raised.push(key);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { raised, failures };
}

function reachedIn({ period, currency, teams, spendings }: MonthOfTeams, today: string) {
  const nothing = { currency, total: '0', projectedTotal: '0', projectedP90: '0' };
  return teams.flatMap((team) => {
    const status = budgetStatus(team, spendings.get(team.id) ?? nothing, today);
    if (status === null || status.muted !== null) return [];
    return status.thresholds
      .filter(({ isReached }) => isReached)
      .map(({ kind, percent }) => ({ key: { period, team: team.id, kind, percent }, status }));
  });
}

/** @returns false when it was told before, or is being told */
async function tellOnce(
  ports: BudgetPorts,
  key: ThresholdKey,
  status: BudgetStatus,
): Promise<boolean> {
  const now = ports.now();
  const state = await ports.budgets.reach(key, now.toISOString());
  if (!isToBeSent(state, now)) return false;
  await ports.events.raise(eventOf(key, status, state.reachedAt));
  await ports.budgets.sent(key, ports.now().toISOString());
  return true;
}

/** Its own, or one whose sender died or failed. */
function isToBeSent({ sentAt, reachedAt }: ReachedThreshold, now: Date): boolean {
  if (sentAt !== null) return false;
  const age = now.getTime() - Date.parse(reachedAt);
  return age === 0 || age > SENDING_MS_MAX;
}

function eventOf(key: ThresholdKey, status: BudgetStatus, at: string) {
  const { period, team, kind, percent } = key;
  const { name, owner, contact, currency, budget } = status;
  return {
    id: `budget/${period}/${kind}/${percent}/${team}`,
    type: 'Budget Threshold Reached',
    at,
    detail: {
      period,
      team,
      name,
      owner,
      contact,
      kind,
      thresholdPercent: percent,
      currency,
      budget,
      ...reachedOf(kind, status),
    },
  };
}

/** `quantile` is what a projection is of: `p50`, as likely more as less, or `p90`. */
function reachedOf(kind: ThresholdKey['kind'], status: BudgetStatus) {
  switch (kind) {
    case 'actual':
      return { quantile: null, amount: status.actual, percent: status.actualPercent };
    case 'projected':
      return { quantile: 'p50', amount: status.projected, percent: status.projectedPercent };
    case 'projected-p90':
      return { quantile: 'p90', amount: status.projectedP90, percent: status.projectedP90Percent };
    default:
      return kind satisfies never;
  }
}
