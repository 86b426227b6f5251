import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { fetchBills } from '../fetch-bills.ts';
import { type AmountDue, amountsDue, fetchNotes, type NoteView } from '../fetch-notes.ts';
import { type Command, EXIT, type Io } from '../io.ts';
import { monthOperand } from '../month.ts';
import { named } from '../named.ts';
import { formatOf, jsonText } from '../output.ts';
import { clientOf } from '../server.ts';
import { type Column, table } from '../table.ts';
import { command } from '../with-command-line.ts';
import { billsCsv } from './bill-csv.ts';
import { noteHeads } from './bill-notes.ts';

export const billSpec: CommandSpec = {
  name: 'bill',
  summary: 'Print the bills of a month',
  usage: [
    'bill YYYY-MM [--team T] [-o json|csv]',
    'bill notes --period YYYY-MM [--team T] [-o json]',
    'bill verify YYYY-MM [--team T] [-o json]',
    'bill export --period YYYY-MM --format xlsx|pdf --file FILE [--team T]',
    'bill export --period YYYY-MM --format journal [--mapping FILE] [--team T]',
    'bill export --period YYYY-MM --format focus|focus-parquet|focus-metadata [--file FILE] [--team T]',
    'bill explain YYYY-MM TEAM [LINE] [--corrects YYYY-MM] [-o json]',
    'bill explain N2026-000001 [LINE] [-o json]',
    'bill changes YYYY-MM [--since YYYY-MM] [--team T] [-o json]',
    'bill compare YYYY-MM --card FILE [--with-adjustments] [-o json]',
    'bill pools YYYY-MM [-o json]',
    'bill labels YYYY-MM --label NAME [--team T] [-o json]',
  ],
  examples: [
    'headroom bill 2026-10',
    'headroom bill 2026-10 --team payments -o csv > payments.csv',
    'headroom bill 2026-10 -o json',
  ],
  operands: { name: 'The month (YYYY-MM)', min: 1, max: 1 },
  options: [
    { flag: 'team', value: 'T', help: 'Only the bill of this team' },
    {
      flag: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['json', 'csv', 'table'],
      help: 'How to print it (default: table on a terminal, else json)',
    },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'The month as it stands: its issued bills, else the draft of the last close, else the estimate to date.',
    'json: {currency, period, state, revision, sha256, total, bills:[{team, total, number, lines}], unrated}, and where',
    'notes go out with them, notes and due:[{team, bill, notes, due}]. An estimate tells projectedTotal and projectedRange',
    '{p10, p50, p90}, of each team and of all: what the month is to come to, and what it exceeds in one case of ten.',
    '"headroom bill notes --help": credit and debit notes. "headroom bill verify --help": computed again, is it the same?',
  ],
};

const printCommand = command(billSpec, printBills);

/** Commands of their own, loaded when they are called. */
const SUBCOMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  notes: async () => (await import('./bill-notes.ts')).billNotesCommand,
  verify: async () => (await import('./bill-verify.ts')).billVerifyCommand,
  export: async () => (await import('./bill-export.ts')).billExportCommand,
  explain: async () => (await import('./bill-explain.ts')).billExplainCommand,
  changes: async () => (await import('./bill-changes.ts')).billChangesCommand,
  compare: async () => (await import('./bill-compare.ts')).billCompareCommand,
  pools: async () => (await import('./bill-pools.ts')).billPoolsCommand,
  labels: async () => (await import('./bill-labels.ts')).billLabelsCommand,
};

export const billCommand: Command = async (args, io) => {
  const [first = '', ...rest] = args;
  if (!Object.hasOwn(SUBCOMMANDS, first)) return await printCommand(args, io);
  const own = await SUBCOMMANDS[first]?.();
  return await (own ?? printCommand)(rest, io);
};

async function printBills(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const team = line.text('team');
  const format = formatOf(line, io);
  const client = clientOf(line, io);
  if (format === 'csv') {
    await io.out(await billsCsv(client, period, team));
    return EXIT.ok;
  }
  const bills = await fetchBills(client, period, team);
  const notes = await fetchNotes(client, period, team);
  const due = notes.length === 0 ? {} : { notes, due: amountsDue(bills.bills, notes) };
  await io.out(
    format === 'json' ? jsonText({ ...bills, ...due }) : billsText(bills) + dueText(bills, notes),
  );
  return EXIT.ok;
}

/** Credit and debit notes on earlier months, and what they make of the bills. */
function dueText({ currency, bills }: MonthView, notes: readonly NoteView[]): string {
  if (notes.length === 0) return '';
  const due = table<AmountDue>(
    [
      { title: 'team', value: ({ team }) => team },
      { title: 'bill', value: ({ bill }) => bill, align: 'right' },
      { title: 'notes', value: (row) => row.notes, align: 'right' },
      { title: `due ${currency}`, value: (row) => row.due, align: 'right' },
    ],
    amountsDue(bills, notes),
  );
  return `\nNotes on earlier months:\n${noteHeads(notes)}\n${due}`;
}

type MonthView = Awaited<ReturnType<typeof fetchBills>>;

/** The project by its name, where it has one. */
function withName(line: Record<string, unknown>): Record<string, unknown> {
  const { project, projectName } = line;
  return { ...line, project: named(String(project ?? ''), projectName as string | undefined) };
}

function billsText(month: MonthView): string {
  const { period, state, revision, currency, total, bills, unrated } = month;
  const isEstimate = state === 'estimate';
  const lines = bills.flatMap((bill) => bill.lines.map((line) => ({ team: bill.team, ...line })));
  const cell = (name: string) => (line: Record<string, unknown>) => String(line[name] ?? '');
  const columns = ['team', 'project', 'region', 'measure', 'class', 'rule', 'card'];
  const shown = lines.map(withName);
  const numbers = ['band', 'quantity', 'amount'];
  return [
    `${period}  ${state}${revision > 0 ? `, revision ${revision}` : ''}  total ${total} ${currency}${projectionText(month)}\n`,
    table(
      [
        { title: 'team', value: (bill) => bill.team },
        { title: 'number', value: (bill) => bill.number ?? '-' },
        { title: 'lines', value: (bill) => String(bill.lineCount), align: 'right' },
        { title: currency, value: (bill) => bill.total, align: 'right' },
        ...(isEstimate ? PROJECTED : []),
      ],
      bills,
    ),
    table<Record<string, unknown>>(
      [
        ...columns.map((name) => ({ title: name, value: cell(name) })),
        ...numbers.map((name) => ({ title: name, value: cell(name), align: 'right' as const })),
      ],
      shown,
    ),
    ...commitmentsText(lines),
    ...(unrated.length === 0
      ? []
      : [
          'Unrated: no rule of a card prices this usage.\n',
          table<Record<string, unknown>>(
            [...columns.slice(0, 5), 'quantity'].map((name) => ({
              title: name,
              value: cell(name),
            })),
            unrated.map(withName),
          ),
        ]),
  ].join('\n');
}

/** What an estimate is to come to by the end of the month, and between what it is likely to end. */
const PROJECTED: readonly Column<MonthView['bills'][number]>[] = [
  { title: 'projected', value: (bill) => bill.projectedTotal ?? '-', align: 'right' },
  { title: 'P10', value: (bill) => bill.projectedRange?.p10 ?? '-', align: 'right' },
  { title: 'P90', value: (bill) => bill.projectedRange?.p90 ?? '-', align: 'right' },
];

function projectionText({ projectedTotal, projectedRange, currency }: MonthView): string {
  if (projectedTotal === null) return '';
  const range =
    projectedRange === null ? '' : ` (P10 ${projectedRange.p10}, P90 ${projectedRange.p90})`;
  return `, by the month's end ${projectedTotal} ${currency}${range}`;
}

/** What was bought in advance, and what of it nobody used. */
function commitmentsText(lines: readonly Record<string, unknown>[]): string[] {
  const bought = lines.filter((line) => line['unusedQuantity'] !== undefined);
  if (bought.length === 0) return [];
  const cell = (name: string) => (line: Record<string, unknown>) => String(line[name] ?? '');
  return [
    'Commitments, paid for used or not:\n',
    table<Record<string, unknown>>(
      [
        { title: 'team', value: cell('team') },
        { title: 'commitment', value: cell('rule') },
        { title: 'measure', value: cell('measure') },
        { title: 'bought', value: cell('quantity'), align: 'right' },
        { title: 'unused', value: cell('unusedQuantity'), align: 'right' },
        { title: 'amount', value: cell('amount'), align: 'right' },
      ],
      bought,
    ),
  ];
}
