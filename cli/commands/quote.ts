import { resolve } from 'node:path';
import { billsOf, type MonthBills } from '../../lib/billing/bill.ts';
import { priceMonth } from '../../lib/billing/price-month.ts';
import { isMonth, type Month } from '../../lib/period/calendar.ts';
import { requireDistinctCards, requireOneCurrency } from '../../lib/rating/card-calendar.ts';
import { readRateCard } from '../../lib/rating/rate-card.ts';
import { readTeam } from '../../lib/rating/team.ts';
import type { UsageRow } from '../../lib/rating/usage-row.ts';
import type { CommandLine, CommandSpec } from '../command-line.ts';
import { EXIT, UsageError } from '../io.ts';
import { command } from '../with-command-line.ts';
import { type InputFile, readDocuments, readUsage } from './quote-files.ts';

const quoteSpec: CommandSpec = {
  name: 'quote',
  summary: 'Price a usage file with rate cards, offline and exact',
  usage: [
    'quote --usage FILE.jsonl --card FILE.json [--card ...] --teams FILE.json --period YYYY-MM [-o json]',
  ],
  examples: [
    'headroom quote --usage usage.jsonl --card card.json --teams teams.json --period 2026-10',
  ],
  options: [
    {
      flag: 'usage',
      value: 'FILE',
      many: true,
      required: true,
      help: 'Hourly usage, a JSON row a line: region, project, resource, measure, class, hour, quantity',
    },
    {
      flag: 'card',
      value: 'FILE',
      many: true,
      required: true,
      help: 'A rate card, or an array of them',
    },
    { flag: 'teams', value: 'FILE', required: true, help: 'An array of teams with their projects' },
    { flag: 'period', value: 'YYYY-MM', required: true, help: 'The month to price' },
    { flag: 'output', short: 'o', value: 'FORMAT', choices: ['json'], help: 'How to print it' },
  ],
  notes: [
    'Prints the bills of the month and the usage that no rule prices. Usage of other months is left aside.',
  ],
};

/** Input files are read from disk and never leave the machine. */
export const quoteCommand = command(quoteSpec, async (line, io) => {
  const bills = await quote(line, io.cwd);
  await io.out(`${JSON.stringify(bills, null, 2)}\n`);
  return EXIT.ok;
});

async function quote(line: CommandLine, cwd: string): Promise<MonthBills> {
  const period = periodOf(line);
  const inputs = (flag: string): InputFile[] =>
    line.all(flag).map((name) => ({ name, path: resolve(cwd, name) }));
  const cards = await readAll(inputs('card'), readRateCard);
  const teams = await readAll(inputs('teams'), readTeam);
  requireDistinctCards(cards);
  requireOneCurrency(cards);
  const usage = chain(inputs('usage'));
  const { rated, adjustments } = await priceMonth({ period, usage, cards, teams });
  return billsOf(rated, adjustments);
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
