import type { IncomingMessage } from 'node:http';
import { isDay } from '../../lib/period/calendar.ts';
import {
  isUsageDimension,
  labelIn,
  USAGE_DIMENSIONS,
  type UsageDimension,
} from '../../lib/ports/usage-sums.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { didYouMean } from '../did-you-mean.ts';
import { type Command, EXIT, type Io, UsageError } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { textLines } from '../lines.ts';
import { named } from '../named.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

const DIMENSIONS: readonly string[] = USAGE_DIMENSIONS;

export const usageSpec: CommandSpec = {
  name: 'usage',
  summary: 'Print metered usage, summed exactly',
  usage: [
    'usage --region R --from DATE --to DATE [--by LIST] [-o jsonl|json|csv]',
    'usage explain --region R --resource ID --measure M --hour HOUR [--project P] [-o json]',
    'usage completeness --region R --period YYYY-MM [-o json]',
  ],
  examples: [
    'headroom usage --region west --from 2026-10-01 --to 2026-11-01',
    'headroom usage --region west --from 2026-10-01 --to 2026-10-02 --by project,resource,measure,class,hour -o jsonl',
    'headroom usage --region west --from 2026-10-01 --to 2026-11-01 --by label:environment,measure',
  ],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    { flag: 'from', value: 'DATE', required: true, help: 'First day, UTC: 2026-10-01' },
    {
      flag: 'to',
      value: 'DATE',
      required: true,
      help: 'The day after the last, UTC: it is not part of the result',
    },
    {
      flag: 'by',
      value: 'LIST',
      help: `What to sum by: ${DIMENSIONS.join(',')} and label:NAME (default: project,measure)`,
    },
    {
      flag: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['jsonl', 'json', 'csv', 'table'],
      help: 'How to print it (default: table on a terminal, else jsonl)',
    },
    {
      flag: 'names',
      help: 'Add projectName and resourceName beside the ids; tables show them anyway',
    },
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    '--to is exclusive: a month is --from 2026-10-01 --to 2026-11-01.',
    'Labels are those that the settings of the region keep; JSON has them under "metadata", as "headroom quote" reads it.',
    '"headroom usage explain --help": which samples and files an hour came from.',
    '"headroom usage completeness --help": which hours, days and sources are missing.',
  ],
};

const sumsCommand = command(usageSpec, printUsage);

/** `usage explain` (where an hour of usage came from) and `usage completeness` are commands of their own. */
export const usageCommand: Command = async (args, io) => {
  if (args[0] === 'completeness') {
    const { completenessCommand } = await import('./usage-completeness.ts');
    return await completenessCommand(args.slice(1), io);
  }
  if (args[0] !== 'explain') return await sumsCommand(args, io);
  const { explainCommand } = await import('./usage-explain.ts');
  return await explainCommand(args.slice(1), io);
};

async function printUsage(line: CommandLine, io: Io): Promise<number> {
  const output = line.text('output') ?? (io.outIsTerminal ? 'table' : 'jsonl');
  const [from, to] = daysOf(line);
  const by = dimensionsOf(line.text('by') ?? 'project,measure');
  const client = clientOf(line, io);
  const result = await jobResult(client, io, {
    path: '/v1/usage/exports',
    body: {
      region: line.required('region'),
      from,
      to,
      by,
      format: output === 'csv' ? 'csv' : 'jsonl',
      ...(line.has('names') || output === 'table' ? { names: true } : {}),
    },
    what: 'The export',
    doing: 'Summing usage',
    timeoutSeconds: line.integer('timeout', { min: 1, max: 86_400 }) ?? 900,
  });
  await print(result, { output, by }, io);
  return EXIT.ok;
}

function daysOf(line: CommandLine): [string, string] {
  const [from, to] = [dayOption(line, 'from'), dayOption(line, 'to')];
  if (from < to) return [from, to];
  throw new UsageError(`--to is exclusive, so it must be a day after --from ${from}, not ${to}.`);
}

function dayOption(line: CommandLine, flag: string): string {
  const day = line.required(flag);
  if (isDay(day)) return day;
  throw new UsageError(`--${flag} takes a day that exists, such as 2026-10-01, not "${day}".`);
}

function dimensionsOf(text: string): UsageDimension[] {
  const dimensions = text.split(',').map((one) => one.trim());
  const twice = dimensions.find((one, index) => dimensions.indexOf(one) !== index);
  if (twice !== undefined) throw new UsageError(`--by names ${twice} twice.`);
  return dimensions.map(dimensionOf);
}

function dimensionOf(text: string): UsageDimension {
  if (isUsageDimension(text)) return text;
  throw new UsageError(
    `--by takes ${DIMENSIONS.join(', ')} and label:NAME, separated by commas, not "${text}".${didYouMean(text, DIMENSIONS)}`,
  );
}

/** Line by line: a year of usage by hour does not fit into memory. */
async function print(
  body: IncomingMessage,
  { output, by }: { readonly output: string; readonly by: readonly UsageDimension[] },
  io: Io,
): Promise<void> {
  if (output === 'csv' || output === 'jsonl') {
    for await (const chunk of body.setEncoding('utf8')) await io.out(chunk as string);
    return;
  }
  const lines = textLines(body);
  if (output === 'table') return await printTable(lines, by, io);
  let separator = '[\n';
  for await (const text of lines) {
    if (text === '') continue;
    await io.out(`${separator}${text}`);
    separator = ',\n';
  }
  await io.out(separator === '[\n' ? '[]\n' : '\n]\n');
}

const TABLE_ROWS = 1_000;

type Row = Readonly<Record<string, unknown>>;

async function printTable(
  lines: AsyncIterable<string>,
  by: readonly UsageDimension[],
  io: Io,
): Promise<void> {
  const rows: Row[] = [];
  let count = 0;
  for await (const text of lines) {
    count += 1;
    if (rows.length < TABLE_ROWS) rows.push(JSON.parse(text) as Row);
  }
  if (count === 0) {
    io.err('No usage in these days.\n');
    return;
  }
  const [first = {}] = rows;
  const told = by.filter((dimension) => labelIn(dimension) !== null || dimension in first);
  const columns = [
    ...told.map((dimension) => ({
      title: dimension,
      value: (row: Row) => cellOf(row, dimension),
    })),
    { title: 'quantity', value: ({ quantity }: Row) => String(quantity), align: 'right' as const },
  ];
  await io.out(table(columns, rows));
  if (count > rows.length) io.err(`${count - rows.length} more rows: -o jsonl prints them all.\n`);
}

function cellOf(row: Row, dimension: UsageDimension): string {
  const label = labelIn(dimension);
  if (label !== null) return (row['metadata'] as Readonly<Record<string, string>>)[label] ?? '';
  const name = row[`${dimension}Name`];
  return named(String(row[dimension] ?? ''), typeof name === 'string' ? name : undefined);
}
