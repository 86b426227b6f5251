import * as z from 'zod';
import { EFFECTS } from '../../lib/billing/effects.ts';
import { wholeList } from '../all-pages.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { monthOperand } from '../month.ts';
import { named } from '../named.ts';
import { JSON_OPTION, printReport } from '../output.ts';
import { clientOf } from '../server.ts';
import { type Column, table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const billChangesSpec: CommandSpec = {
  name: 'bill changes',
  summary: 'Tell why the bills of a month come to another amount than those of an earlier one',
  usage: ['bill changes YYYY-MM [--since YYYY-MM] [--team T] [-o json]'],
  examples: [
    'headroom bill changes 2026-10',
    'headroom bill changes 2026-10 --since 2025-10 --team payments',
  ],
  operands: { name: 'The month (YYYY-MM)', min: 1, max: 1 },
  options: [
    { flag: 'since', value: 'YYYY-MM', help: 'The earlier month (default: the month before)' },
    { flag: 'team', value: 'T', help: 'Only this team, by project and measure' },
    JSON_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'volume: more or less of what both months have, at what a unit came to before; price: the rest of its change.',
    'new, gone: usage that only one of the months has. All effects add up to the difference exactly.',
  ],
};

export const billChangesCommand = command(billChangesSpec, tellChanges);

const change = {
  before: z.string(),
  after: z.string(),
  difference: z.string(),
  effects: z.record(z.enum(EFFECTS), z.string()),
};
const row = z.object({
  project: z.string(),
  projectName: z.string().optional(),
  measure: z.string(),
  ...change,
});
const teamChange = z.object({ team: z.string(), ...change, rows: z.array(row).nullable() });
const changePage = z.object({
  ...{ period: z.string(), since: z.string(), currency: z.string() },
  ...change,
  items: z.array(teamChange),
  nextCursor: z.string().nullable(),
});
type ChangePage = z.output<typeof changePage>;

async function tellChanges(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const { first, items } = await wholeList(clientOf(line, io), {
    path: '/v1/bill-changes',
    page: changePage,
    query: { period, since: line.text('since'), team: line.text('team') },
  });
  const { items: _first, nextCursor: _next, ...sums } = first;
  await printReport(line, io, { data: { ...sums, items }, text: () => text(sums, items) });
  return EXIT.ok;
}

interface Told {
  readonly name: string;
  readonly measure: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  readonly effects: Readonly<Record<string, string>>;
}

function text(sums: Omit<ChangePage, 'items' | 'nextCursor'>, items: ChangePage['items']): string {
  const { period, since, currency, difference } = sums;
  const rows = items.flatMap(({ rows: ofTeam, team, ...all }): Told[] => [
    ...(ofTeam ?? []).map((one) => ({ ...one, name: named(one.project, one.projectName) })),
    { ...all, name: team, measure: '' },
  ]);
  const told = [...rows, ...(items.length === 1 ? [] : [{ ...sums, name: 'all', measure: '' }])];
  const effects = EFFECTS.filter((name) => told.some((one) => !isZero(one.effects[name] ?? '0')));
  const number = (title: string, value: (one: Told) => string): Column<Told> => ({
    ...{ title, value },
    align: 'right',
  });
  return [
    `${period} against ${since}: ${difference} ${currency}\n`,
    table<Told>(
      [
        {
          title: items.some((one) => one.rows !== null) ? 'project' : 'team',
          value: ({ name }) => name,
        },
        { title: 'measure', value: ({ measure }) => measure },
        number(since, ({ before }) => before),
        number(period, ({ after }) => after),
        number('difference', (one) => one.difference),
        ...effects.map((name) => number(name, (one) => one.effects[name] ?? '')),
      ],
      told,
    ),
  ].join('');
}

function isZero(amount: string): boolean {
  return /^[-0.]*$/.test(amount);
}
