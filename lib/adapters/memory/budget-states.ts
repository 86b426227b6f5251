import type { BudgetStates, ReachedThreshold, ThresholdKey } from '../../ports/budgets.ts';

export function memoryBudgetStates(): BudgetStates {
  const states = new Map<string, ReachedThreshold>();
  const keyOf = ({ period, team, kind, percent }: ThresholdKey): string =>
    JSON.stringify([period, kind, percent, team]);
  return {
    async reach(key, at) {
      const present = states.get(keyOf(key)) ?? { ...key, reachedAt: at, sentAt: null };
      states.set(keyOf(key), present);
      return present;
    },
    async sent(key, at) {
      const present = states.get(keyOf(key));
      if (present !== undefined && present.sentAt === null) {
        states.set(keyOf(key), { ...present, sentAt: at });
      }
    },
    async list(period) {
      return [...states.values()].filter((state) => state.period === period);
    },
  };
}
