import { add, decimalOf, toFixedText, ZERO } from '../../lib/decimal/decimal.ts';
import { ProblemError } from '../../lib/errors.ts';
import { type ProjectNames, projectNames, withProjectName } from '../../lib/names/project-names.ts';
import type { Month } from '../../lib/period/calendar.ts';
import type { BillRecord } from '../../lib/ports/documents.ts';
import { readTeam } from '../../lib/rating/team.ts';
import { billedTo } from '../../lib/teams/billed-to.ts';
import {
  type getBill,
  listBillLines,
  type listBills,
  MAX_INLINE_LINES,
  MAX_UNRATED,
} from '../http/contracts/bills.ts';
import { pageOf } from '../http/cursor.ts';
import { preferredFormat } from '../http/negotiation.ts';
import { httpProblem } from '../http/problem.ts';
import { csv, json, type Reply } from '../http/reply.ts';
import { type ApiRequest, type Implementation, implement } from '../http/router.ts';
import { bodyOf, extraOf, presentNames, recordsCsv } from './bill-documents.ts';
import { focusReply } from './focus-reply.ts';
import type { ReadPorts } from './ports.ts';

/** What is written without a library: `xlsx` and `pdf` are the function `render`'s. */
export type TextFormat = 'json' | 'csv' | 'focus';

export type BillPorts = Pick<ReadPorts, 'bills' | 'names' | 'configuration'>;

async function presentTeam({ configuration }: BillPorts, team: string) {
  const document = await configuration.get('team', team);
  return billedTo(document === null ? undefined : readTeam(document.body));
}

export function billRoutes(ports: BillPorts): Implementation[] {
  return [
    implement(listBillLines, async ({ params, query, headers, requestId }) => {
      const format = preferredFormat(query.format, headers['accept'], ['json', 'csv']);
      const bill = await requireBill(ports, params.period, params.team);
      if (format === null) return notAcceptable(requestId);
      const names = await presentNames(ports.names, [bill]);
      if (format === 'csv') return billCsv(bill, names);
      const numbered = bodyOf(bill).lines.map((line, index) => ({ line, key: position(index) }));
      const page = pageOf(numbered, ({ key }) => key, {
        list: `lines ${bill.period} ${bill.revision} ${bill.team}`,
        ...query,
        cursor: query.cursor,
      });
      return json(200, { ...page, items: page.items.map(({ line }) => named(bill, names)(line)) });
    }),
  ];
}

/** A bill as text. */
export async function billReply(
  ports: BillPorts,
  { params }: Pick<ApiRequest<typeof getBill>, 'params'>,
  format: TextFormat,
): Promise<Reply> {
  if (format === 'focus') return focusReply(ports, params);
  const bill = await requireBill(ports, params.period, params.team);
  const names = await presentNames(ports.names, [bill]);
  if (format === 'csv') return billCsv(bill, names);
  const { lines, elapsedHours, hoursInMonth, method, exchangeRates = [] } = bodyOf(bill);
  return json(200, {
    ...headOf(bill),
    period: bill.period,
    currency: bill.currency,
    revision: bill.revision,
    generatedAt: bill.generatedAt,
    billedTo: bill.billedTo ?? (await presentTeam(ports, bill.team)),
    projectionMethod: method ?? null,
    elapsedHours: elapsedHours ?? null,
    hoursInMonth: hoursInMonth ?? null,
    exchangeRates,
    lines: lines.length > MAX_INLINE_LINES ? null : lines.map(named(bill, names)),
  });
}

/** The bills of a month as text. */
export async function billsReply(
  ports: BillPorts,
  { query }: Pick<ApiRequest<typeof listBills>, 'query'>,
  format: TextFormat,
): Promise<Reply> {
  if (format === 'focus') return focusReply(ports, { period: query.period, team: null });
  const { bills, extra, state, sha256, revision } = await requireBills(ports, query.period);
  if (format === 'csv') {
    const text = recordsCsv(bills, await presentNames(ports.names, bills));
    return csv(text, `bills-${query.period}.csv`);
  }
  const { currency, unrated, projectedRange = null } = extraOf(extra);
  const shown = unrated.slice(0, MAX_UNRATED);
  const names = await projectNames(ports.names, shown);
  const page = pageOf(bills, (bill) => bill.team, {
    list: `bills ${query.period} ${revision}`,
    limit: query.limit,
    cursor: query.cursor,
  });
  return json(200, {
    period: query.period,
    currency,
    state,
    revision,
    sha256,
    total: totalOf(bills),
    projectedTotal: projectedRange?.p50 ?? null,
    projectedRange,
    items: page.items.map(headOf),
    nextCursor: page.nextCursor,
    unrated: shown.map((row) => withProjectName(row, names)),
    unratedCount: unrated.length,
  });
}

type BillLineView = ReturnType<typeof bodyOf>['lines'][number];

function named(bill: BillRecord, names: ProjectNames): (line: BillLineView) => BillLineView {
  return (line) => withProjectName(line, bill.projectNames ?? names);
}

function billCsv(bill: BillRecord, names: ProjectNames): Reply {
  return csv(recordsCsv([bill], names), `bill-${bill.period}-${bill.team}.csv`);
}

function headOf(bill: BillRecord) {
  const { team, total, state, number, sha256 } = bill;
  const { lines, projectedTotal = null, projectedRange = null } = bodyOf(bill);
  const head = { team, total, projectedTotal, projectedRange, state, number, sha256 };
  return { ...head, lineCount: lines.length };
}

function totalOf(bills: readonly BillRecord[]): string {
  return toFixedText(bills.map((bill) => decimalOf(bill.total)).reduce(add, ZERO));
}

/** Six digits sort as text as they do as numbers; no bill has a million lines. */
function position(index: number): string {
  return index.toString().padStart(6, '0');
}

/** The bills that stand: of the last close, else the estimate. */
async function requireBills({ bills }: BillPorts, period: Month) {
  const record = await bills.getPeriod(period);
  const revision = record?.revision ?? 0;
  const set = await bills.listBills(period, revision);
  if (set !== null) {
    const state = record === null || record.state === 'open' ? 'estimate' : record.state;
    return { ...set, state, revision, sha256: record?.sha256 ?? null };
  }
  const months = await monthsWithBills(bills);
  const known = months.length === 0 ? '' : ` Months with bills: ${months.slice(0, 12).join(', ')}.`;
  throw new ProblemError(
    'not_found',
    `There are no bills of ${period}: no usage of it has been metered, or none was rated yet. "headroom close ${period}" makes them.${known}`,
  );
}

/** A month that was closed has bills; one that stands open may have an estimate, or nothing. */
async function monthsWithBills(bills: BillPorts['bills']): Promise<Month[]> {
  const months: Month[] = [];
  for (const { period, revision } of await bills.listPeriods()) {
    if (revision > 0 || (await bills.listBills(period, revision)) !== null) months.push(period);
  }
  return months;
}

async function requireBill(ports: BillPorts, period: Month, team: string): Promise<BillRecord> {
  const record = await ports.bills.getPeriod(period);
  const found = await ports.bills.getBill(period, record?.revision ?? 0, team);
  if (found !== null) return found;
  const { bills } = await requireBills(ports, period);
  const teams = bills.map((one) => one.team);
  const names = teams.slice(0, 20).join(', ') + (teams.length > 20 ? ', ...' : '');
  throw new ProblemError(
    'not_found',
    `Team "${team}" has no bill of ${period}. ${teams.length === 0 ? 'Nobody has.' : `Teams that have: ${names}.`}`,
  );
}

function notAcceptable(requestId: string): Reply {
  return httpProblem(406, 'Lines are given as application/json or text/csv.', { requestId });
}
