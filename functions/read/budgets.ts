import { budgetStatus } from '../../lib/budgets/budget-status.ts';
import { monthSpendings } from '../../lib/budgets/month-spendings.ts';
import { dayOf } from '../../lib/period/calendar.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import { readTeam } from '../../lib/rating/team.ts';
import { listBudgets } from '../http/contracts/budgets.ts';
import { pageOf } from '../http/cursor.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';
import { standingBills } from './standing-bills.ts';

type BudgetPorts = Pick<ReadPorts, 'bills' | 'budgets' | 'configuration' | 'now'>;

export function budgetRoutes(ports: BudgetPorts): Implementation[] {
  return [
    implement(listBudgets, async ({ query: { period, limit, cursor } }) => {
      const { bills, currency } = await standingBills(ports.bills, period);
      const [documents, reached] = await Promise.all([
        ports.configuration.list('team'),
        ports.budgets.list(period),
      ]);
      const spendings = monthSpendings(bills);
      const nothing = { currency, total: '0', projectedTotal: null, projectedP90: null };
      const today = dayOf(instantOfDate(ports.now()));
      const told = new Map(
        reached.map((one) => [keyOf(one.team, one.kind, one.percent), one.sentAt]),
      );
      const statuses = documents.flatMap(({ body }) => {
        const team = readTeam(body);
        return budgetStatus(team, spendings.get(team.id) ?? nothing, today) ?? [];
      });
      const list = `budgets ${period}`;
      const page = pageOf(statuses, ({ team }) => team, { list, limit, cursor });
      const items = page.items.map((status) => ({
        ...status,
        thresholds: status.thresholds.map((threshold) => ({
          ...threshold,
          toldAt: told.get(keyOf(status.team, threshold.kind, threshold.percent)) ?? null,
        })),
      }));
      return json(200, { ...page, items });
    }),
  ];
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
