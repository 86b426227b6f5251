import { resolve } from 'node:path';
import { billsOf, type MonthBills } from '../../lib/billing/bill.ts';
import { priceMonth } from '../../lib/billing/price-month.ts';
import { isMonth, type Month } from '../../lib/period/calendar.ts';
import { readAdjustment } from '../../lib/rating/adjustment.ts';
import { requireDistinctCards, requireOneCurrency } from '../../lib/rating/card-calendar.ts';
import { readCostPool } from '../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../lib/rating/rate-card.ts';
import { readTeam } from '../../lib/rating/team.ts';
import type { UsageRow } from '../../lib/rating/usage-row.ts';
import type { CommandLine, CommandSpec } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { command } from '../with-command-line.ts';
import { type InputFile, readDocuments, readUsage } from './quote-files.ts';
import { type HashmapQuote, quoteHashmap } from './quote-hashmap.ts';

const quoteSpec: CommandSpec = {
  name: 'quote',
  summary: 'Price a usage file with rate cards, offline and exact',
  usage: [
    'quote --usage FILE.jsonl --card FILE.json [--card ...] --teams FILE.json --period YYYY-MM [--adjustments FILE.json] [--pool FILE.json] [--rates FILE.json] [-o json]',
    'quote --hashmap RULES.json --points POINTS.json [-o json]',
  ],
  examples: [
    'headroom quote --usage usage.jsonl --card card.json --teams teams.json --period 2026-10',
  ],
  options: [
    {
      flag: 'usage',
      value: 'FILE',
      many: true,
      help: 'Hourly usage, a JSON row a line: region, project, resource, measure, class, hour, quantity',
    },
    {
      flag: 'card',
      value: 'FILE',
      many: true,
      help: 'A rate card, or an array of them; can be left out where cost pools pay for every region',
    },
    { flag: 'teams', value: 'FILE', help: 'An array of teams with their projects' },
    {
      flag: 'adjustments',
      value: 'FILE',
      many: true,
      help: 'Commitments, discounts, minimums, surcharges, charges and credits: one, or an array',
    },
    {
      flag: 'pool',
      value: 'FILE',
      many: true,
      help: 'A cost pool, or an array of them: their regions are priced by cost recovery',
    },
    {
      flag: 'rates',
      value: 'FILE',
      many: true,
      help: 'Exchange rates, for cards and pools in another currency than the bill',
    },
    { flag: 'period', value: 'YYYY-MM', help: 'The month to price' },
    {
      flag: 'hashmap',
      value: 'FILE',
      help: "CloudKitty's hashmap rules: price data points as its engine does, and nothing else",
    },
    { flag: 'points', value: 'FILE', help: "CloudKitty's data points, for --hashmap" },
    { flag: 'output', short: 'o', value: 'FORMAT', choices: ['json'], help: 'How to print it' },
  ],
  notes: [
    'Prints the bills of the month and the usage that no rule prices. Usage of other months is left aside.',
  ],
};

/** Input files are read from disk and never leave the machine. */
export const quoteCommand = command(quoteSpec, async (line, io) => {
  const answer = line.has('hashmap')
    ? await hashmapQuote(line, io)
    : await quote(requireMonthInputs(line), io.cwd);
  await io.out(`${JSON.stringify(answer, null, 2)}\n`);
  return EXIT.ok;
});

const MONTH_INPUTS = ['usage', 'card', 'teams', 'period'] as const;

/** A region that cost pools pay for needs no card. */
function requireMonthInputs(line: CommandLine): CommandLine {
  const missing = MONTH_INPUTS.filter((flag) => !line.has(flag)).filter(
    (flag) => flag !== 'card' || !line.has('pool'),
  );
  if (missing.length === 0) return line;
  const flags = missing.map((flag) => `--${flag} ${flag === 'period' ? 'YYYY-MM' : 'FILE'}`);
  throw new UsageError(`${flags.join(' and ')} ${flags.length === 1 ? 'is' : 'are'} missing.`);
}

function hashmapQuote(line: CommandLine, { cwd, now }: Io): Promise<HashmapQuote> {
  const other = MONTH_INPUTS.find((flag) => line.has(flag));
  if (other !== undefined) {
    throw new UsageError(`--${other} does not go with --hashmap, which prices --points alone.`);
  }
  const inputOf = (flag: string): InputFile => {
    const name = line.required(flag);
    return { name, path: resolve(cwd, name) };
  };
  return quoteHashmap({ rules: inputOf('hashmap'), points: inputOf('points') }, now());
}

async function quote(line: CommandLine, cwd: string): Promise<MonthBills> {
  const period = periodOf(line);
  const inputs = (flag: string): InputFile[] =>
    line.all(flag).map((name) => ({ name, path: resolve(cwd, name) }));
  const cards = await readAll(inputs('card'), readRateCard);
  const teams = await readAll(inputs('teams'), readTeam);
  const adjustments = await readAll(inputs('adjustments'), readAdjustment);
  const pools = await readAll(inputs('pool'), readCostPool);
  const exchangeRates = await readAll(inputs('rates'), readExchangeRate);
  requireDistinctCards(cards);
  if (exchangeRates.length === 0) requireOneCurrency(cards, pools);
  const usage = chain(inputs('usage'));
  const priced = await priceMonth({
    period,
    usage,
    cards,
    teams,
    adjustments,
    pools,
    exchangeRates,
  });
  return billsOf(priced.rated, priced.adjustments);
}

function periodOf(line: CommandLine): Month {
  const period = line.required('period');
  if (isMonth(period)) return period;
  throw new UsageError(`--period takes a month such as 2026-10, not "${period}".`);
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
