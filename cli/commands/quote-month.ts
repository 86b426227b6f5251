import { resolve } from 'node:path';
import { billsOf, type MonthBills } from '../../lib/billing/bill.ts';
import { priceOnCards } from '../../lib/billing/compare-cards.ts';
import { type ExplainedLine, explainBill } from '../../lib/billing/explain-bill.ts';
import {
  type PricedMonth,
  type PriceMonthInput,
  priceMonth,
} from '../../lib/billing/price-month.ts';
import { BUILT_IN_METERS } from '../../lib/metering/meter-table.ts';
import { readAdjustment } from '../../lib/rating/adjustment.ts';
import { requireDistinctCards, requireOneCurrency } from '../../lib/rating/card-calendar.ts';
import { readCostPool } from '../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../lib/rating/rate-card.ts';
import { readTeam } from '../../lib/rating/team.ts';
import type { UsageRow } from '../../lib/rating/usage-row.ts';
import type { CommandLine } from '../command-line.ts';

import { monthOption } from '../month.ts';
import { printable } from '../table.ts';
import { comparisonText } from './comparison-text.ts';
import { type InputFile, readDocuments, readUsage } from './quote-files.ts';

/** What a month of files comes to, as JSON and, where words were asked for, as text. */
interface Quoted {
  readonly answer: unknown;
  readonly text?: string;
}

interface Explained {
  readonly team: string;
  readonly lines: readonly ExplainedLine[];
}

/** Prices a month from files: its bills alone, explained, or beside what other cards make of the same usage. */
export async function quoteMonth(line: CommandLine, cwd: string): Promise<Quoted> {
  const inputs = await readInputs(line, cwd);
  if (line.has('compare')) {
    const cards = await readAll(filesOf(line, cwd, 'compare'), readRateCard);
    requireDistinctCards(cards);
    const withAdjustments = line.has('with-adjustments');
    const answer = await priceOnCards(inputs, { cards, withAdjustments });
    return { answer, text: comparisonText(answer) };
  }
  if (!line.has('explain')) {
    const priced = await priceMonth(inputs);
    return { answer: billsOf(priced.rated, priced.adjustments) };
  }
  const priced = await priceMonth({ ...inputs, traced: true });
  const bills = billsOf(priced.rated, priced.adjustments);
  const explanations = explanationsOf(priced, bills);
  return { answer: { ...bills, explanations }, text: textOf(bills, explanations) };
}

function explanationsOf(priced: PricedMonth, { bills }: MonthBills): Explained[] {
  const { units } = BUILT_IN_METERS;
  const context = {
    documents: new Map(),
    unitOf: (measure: string) => units.get(measure) ?? null,
    isOffline: true,
  };
  return bills.map(({ team }) => ({ team, lines: explainBill(priced, team, context) }));
}

function textOf({ bills, currency, period, unrated }: MonthBills, explained: Explained[]): string {
  const ofBills = bills.flatMap(({ team, total, lines }) => [
    printable(
      `Bill of "${team}" for ${period} (quoted): ${total} ${currency}, ${lines.length} lines.`,
    ),
    ...(explained.find((one) => one.team === team)?.lines ?? []).flatMap(({ text }) => [
      '',
      ...text.map(printable),
    ]),
    '',
  ]);
  const left = unrated.map(
    ({ team, project, region, measure, class: ofClass, quantity }) =>
      `Not priced by any rule: ${quantity} of ${measure}${ofClass === '' ? '' : ` (${ofClass})`} in region ${region}, project ${project}, of "${team}".`,
  );
  return `${[...ofBills, ...left.map(printable)].join('\n').trimEnd()}\n`;
}

async function readInputs(line: CommandLine, cwd: string): Promise<PriceMonthInput> {
  const period = monthOption(line);
  const inputs = (flag: string) => filesOf(line, cwd, flag);
  const cards = await readAll(inputs('card'), readRateCard);
  const teams = await readAll(inputs('teams'), readTeam);
  const adjustments = await readAll(inputs('adjustments'), readAdjustment);
  const pools = await readAll(inputs('pool'), readCostPool);
  const exchangeRates = await readAll(inputs('rates'), readExchangeRate);
  requireDistinctCards(cards);
  if (exchangeRates.length === 0) requireOneCurrency(cards, pools);
  const usage = chain(inputs('usage'));
  return { period, usage, cards, teams, adjustments, pools, exchangeRates };
}

function filesOf(line: CommandLine, cwd: string, flag: string): InputFile[] {
  return line.all(flag).map((name) => ({ name, path: resolve(cwd, name) }));
}

async function readAll<T>(
  files: readonly InputFile[],
  read: (document: unknown) => T,
): Promise<T[]> {
  const documents: T[] = [];
  for (const file of files) documents.push(...(await readDocuments(file, read)));
  return documents;
}

async function* chain(files: readonly InputFile[]): AsyncIterable<UsageRow> {
  for (const file of files) yield* readUsage(file);
}
