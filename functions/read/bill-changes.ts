import { billChanges } from '../../lib/billing/bill-changes.ts';
import { poolCosts } from '../../lib/billing/pool-costs.ts';
import { ProblemError } from '../../lib/errors.ts';
import { storedMeters } from '../../lib/metering/stored-meters.ts';
import { projectNames, withProjectName } from '../../lib/names/project-names.ts';
import { addMonths } from '../../lib/period/calendar.ts';
import type { BillRecord } from '../../lib/ports/documents.ts';
import { listBillChanges, listPoolCosts } from '../http/contracts/bill-changes.ts';
import { pageOf } from '../http/cursor.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { bodyOf } from './bill-documents.ts';
import type { ReadPorts } from './ports.ts';
import { standingBills } from './standing-bills.ts';

type ChangePorts = Pick<ReadPorts, 'bills' | 'names' | 'configuration'>;

/** What can be told of bills beside one another, from their lines. */
export function billChangeRoutes(ports: ChangePorts): Implementation[] {
  return [
    implement(listBillChanges, async ({ query: { period, team, limit, cursor, ...query } }) => {
      const since = query.since ?? addMonths(period, -1);
      const [then, now] = [
        await standingBills(ports.bills, since),
        await standingBills(ports.bills, period),
      ];
      if (then.currency !== now.currency)
        throw twoCurrencies([since, then.currency], [period, now.currency]);
      const wanted = ({ team: of }: BillRecord) => team === undefined || of === team;
      const [before, after] = [then, now].map(({ bills }) =>
        bills.filter(wanted).map(comparedBill),
      );
      const { teams, ...sums } = billChanges(before ?? [], after ?? [], now.currency);
      if (team !== undefined && teams.length === 0) {
        throw new ProblemError(
          'not_found',
          `Team "${team}" has no bill of ${period} and none of ${since}.`,
        );
      }
      const list = `bill changes ${period} ${since} ${team ?? ''}`;
      const page = pageOf(teams, (one) => one.team, { list, limit, cursor });
      const names =
        team === undefined
          ? {}
          : await projectNames(
              ports.names,
              teams.flatMap(({ rows }) => rows),
            );
      const items = page.items.map(({ rows, ...one }) => ({
        ...one,
        rows: team === undefined ? null : rows.map((row) => withProjectName(row, names)),
      }));
      return json(200, { period, since, currency: now.currency, ...sums, ...page, items });
    }),
    implement(listPoolCosts, async ({ query: { period, limit, cursor } }) => {
      const { bills, currency } = await standingBills(ports.bills, period);
      const { units } = await storedMeters(ports.configuration);
      const costs = poolCosts(
        bills.flatMap((bill) => bodyOf(bill).lines),
        currency,
      );
      const list = `pool costs ${period}`;
      const page = pageOf(costs, keyOf, { list, limit, cursor });
      const items = page.items.map((cost) => ({
        ...cost,
        currency,
        unit: units.get(cost.measure) ?? null,
      }));
      return json(200, { ...page, items });
    }),
  ];
}

function comparedBill(bill: BillRecord) {
  const { team, terms = [] } = bill;
  const { lines } = bodyOf(bill);
  return { team, lines, ...(terms.length === lines.length ? { terms } : {}) };
}

/** Sorts as the list does: no name of a region, pool or measure has the character 0. */
function keyOf({
  region,
  pool,
  measure,
}: {
  readonly region: string;
  readonly pool: string;
  readonly measure: string;
}): string {
  return [region, pool, measure].join('\u0000');
}

function twoCurrencies(
  [since, was]: readonly [string, string],
  [period, is]: readonly [string, string],
): ProblemError {
  return new ProblemError(
    'refused',
    `The bills of ${since} are in ${was} and those of ${period} in ${is}: amounts in two currencies cannot be compared.`,
  );
}
