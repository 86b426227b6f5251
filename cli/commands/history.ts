import * as z from 'zod';
import { allItems } from '../all-pages.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { optionalMonth } from '../month.ts';
import { formatOf, jsonText, OUTPUT_OPTION } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const historySpec: CommandSpec = {
  name: 'history',
  summary: 'Print what CloudKitty rated, as it was imported',
  usage: ['history [--period YYYY-MM] [--region R] [--project P] [-o json]'],
  examples: ['headroom history --period 2026-09', 'headroom history --region west -o json'],
  options: [
    { flag: 'period', value: 'YYYY-MM', help: 'One month, UTC (default: all)' },
    { flag: 'region', value: 'R', help: 'One region (default: all)' },
    { flag: 'project', value: 'P', help: 'One project (default: all)' },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'It is imported with headroom ingest, and never part of a bill: compare it with headroom bill.',
    'A summary sums data frames: do not add the two.',
  ],
};

export const historyCommand = command(historySpec, printHistory);

const item = z.looseObject({
  region: z.string(),
  period: z.string(),
  project: z.string(),
  type: z.string(),
  unit: z.string(),
  source: z.string(),
  groupedBy: z.array(z.string()),
  windowSeconds: z.number().nullable(),
  quantity: z.string(),
  price: z.string(),
  rows: z.number(),
});
type Item = z.output<typeof item>;

async function printHistory(line: CommandLine, io: Io): Promise<number> {
  const filters = filtersOf(line);
  const client = clientOf(line, io);
  const items = await allItems(client, { path: '/v1/rated-history', item, query: filters });
  const format = formatOf(line, io);
  if (format === 'json') await io.out(jsonText({ items }));
  else if (items.length > 0) await io.out(historyText(items));
  else
    io.err(
      'Nothing rated was imported for this: headroom ingest takes data frames of CloudKitty.\n',
    );
  return EXIT.ok;
}

function filtersOf(line: CommandLine) {
  const period = optionalMonth(line, 'period');
  return { period, region: line.text('region'), project: line.text('project') };
}

function historyText(items: readonly Item[]): string {
  return table<Item>(
    [
      { title: 'region', value: ({ region }) => region },
      { title: 'period', value: ({ period }) => period },
      { title: 'project', value: ({ project }) => orDash(project) },
      { title: 'type', value: ({ type }) => orDash(type) },
      { title: 'quantity', align: 'right', value: ({ quantity }) => quantity },
      { title: 'unit', value: ({ unit }) => orDash(unit) },
      { title: 'price', align: 'right', value: ({ price }) => price },
      { title: 'from', value: sourceText },
    ],
    items,
  );
}

function orDash(text: string): string {
  return text === '' ? '-' : text;
}

function sourceText({ source, groupedBy, windowSeconds, rows }: Item): string {
  const counted = rows === 1 ? '1 row' : `${rows} rows`;
  if (windowSeconds === null) return `${counted} of ${source}`;
  const by = groupedBy.length === 0 ? '' : ` by ${groupedBy.join(',')}`;
  return `${counted} of a ${source}${by}, each over ${windowSeconds / 3_600} h`;
}
