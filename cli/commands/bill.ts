import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { fetchBills } from '../fetch-bills.ts';
import { EXIT, type Io } from '../io.ts';
import { named } from '../named.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';
import { billsCsv } from './bill-csv.ts';
import { monthOperand } from './close.ts';

export const billSpec: CommandSpec = {
  name: 'bill',
  summary: 'Print the bills of a month',
  usage: ['bill YYYY-MM [--team T] [-o json|csv]'],
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
    'json: {currency, period, state, revision, sha256, total, bills:[{team, total, number, lines}], unrated}.',
  ],
};

export const billCommand = command(billSpec, printBills);

async function printBills(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const team = line.text('team');
  const format = line.text('output') ?? (io.outIsTerminal ? 'table' : 'json');
  const client = clientOf(line, io);
  if (format === 'csv') {
    await io.out(await billsCsv(client, period, team));
    return EXIT.ok;
  }
  const bills = await fetchBills(client, period, team);
  await io.out(format === 'json' ? `${JSON.stringify(bills, null, 2)}\n` : billsText(bills));
  return EXIT.ok;
}

/** The project by its name, where it has one. */
function withName(line: Record<string, unknown>): Record<string, unknown> {
  const { project, projectName } = line;
  return { ...line, project: named(String(project ?? ''), projectName as string | undefined) };
}

function billsText(month: Awaited<ReturnType<typeof fetchBills>>): string {
  const { period, state, revision, currency, total, bills, unrated } = month;
  const lines = bills.flatMap((bill) => bill.lines.map((line) => ({ team: bill.team, ...line })));
  const cell = (name: string) => (line: Record<string, unknown>) => String(line[name] ?? '');
  const columns = ['team', 'project', 'region', 'measure', 'class', 'rule', 'card'];
  const shown = lines.map(withName);
  const numbers = ['band', 'quantity', 'amount'];
  return [
    `${period}  ${state}${revision > 0 ? `, revision ${revision}` : ''}  total ${total} ${currency}\n`,
    table(
      [
        { title: 'team', value: (bill) => bill.team },
        { title: 'number', value: (bill) => bill.number ?? '-' },
        { title: 'lines', value: (bill) => String(bill.lineCount), align: 'right' },
        { title: currency, value: (bill) => bill.total, align: 'right' },
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
