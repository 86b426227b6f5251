import * as z from 'zod';
import type { Month } from '../period/calendar.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { BillStore } from '../ports/documents.ts';
import { readTeam } from '../rating/team.ts';
import { monthSpendings } from './month-spendings.ts';
import { type BudgetPorts, type Raised, raiseThresholds } from './raise-thresholds.ts';

export interface WatchPorts extends BudgetPorts {
  readonly configuration: Pick<ConfigStore, 'list'>;
  readonly bills: Pick<BillStore, 'listBills'>;
}

const ESTIMATE_REVISION = 0;
const currencyOf = z.looseObject({ currency: z.string() });

/** Holds the budgets of all teams against the estimate of a month, and tells what was reached. */
export async function watchBudgets(ports: WatchPorts, period: Month): Promise<Raised> {
  const found = await ports.bills.listBills(period, ESTIMATE_REVISION);
  if (found === null) return { raised: [], failures: [] };
  const documents = await ports.configuration.list('team');
  return await raiseThresholds(ports, {
    period,
    currency: currencyOf.parse(found.extra).currency,
    teams: documents.map(({ body }) => readTeam(body)),
    spendings: monthSpendings(found.bills),
  });
}
