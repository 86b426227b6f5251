import * as z from 'zod';
import { isDay } from '../../lib/period/calendar.ts';
import { allItems } from '../all-pages.ts';
import { segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { monthOption } from '../month.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const budgetsSpec: CommandSpec = {
  name: 'budgets',
  summary: 'Print how far the budgets of teams are used; mute one',
  usage: [
    'budgets --period YYYY-MM [-o json]',
    'budgets mute TEAM --until YYYY-MM-DD [--reason TEXT]',
    'budgets unmute TEAM',
  ],
  examples: [
    'headroom budgets --period 2026-10',
    'headroom budgets mute payments --until 2026-12-01 --reason "launch" --as ann',
  ],
  operands: { name: 'mute TEAM or unmute TEAM', min: 0, max: 2 },
  options: [
    { flag: 'period', value: 'YYYY-MM', help: 'The month' },
    { flag: 'until', value: 'DAY', help: 'First day (UTC) on which the budget is watched again' },
    { flag: 'reason', value: 'TEXT', help: 'Why it is muted' },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'A budget stands with its team: {"budget":{"amount":"1000","actual":[50,80,100],"projected":[100],"projectedP90":[100]}}, per month and in the currency of the bills.',
    'projected: what the month is to come to by its end, as likely more as less. P90: what it exceeds in one case of ten (thresholds "projectedP90": none by default).',
    'Each threshold is told once in a month, as an event "Budget Threshold Reached" of the event bus; on one machine in events.jsonl of the data folder.',
  ],
};

export const budgetsCommand = command(budgetsSpec, async (line, io) => {
  const [verb, team] = line.operands;
  if (verb === undefined) return await listBudgets(line, io);
  if (verb === 'mute' && team !== undefined) return await mute(line, io, team);
  if (verb === 'unmute' && team !== undefined) return await change(line, io, { team, muted: null });
  throw new UsageError(
    `budgets takes "mute TEAM" or "unmute TEAM", not "${line.operands.join(' ')}".`,
  );
});

const budget = z.looseObject({
  team: z.string(),
  currency: z.string(),
  budget: z.string(),
  actual: z.string(),
  projected: z.string(),
  projectedP90: z.string(),
  actualPercent: z.string(),
  projectedPercent: z.string(),
  projectedP90Percent: z.string(),
  muted: z.object({ until: z.string(), by: z.string() }).nullable(),
  problem: z.string().nullable(),
  thresholds: z.array(
    z.object({
      kind: z.string(),
      percent: z.string(),
      isReached: z.boolean(),
      toldAt: z.string().nullable(),
    }),
  ),
});
type Budget = z.output<typeof budget>;

async function listBudgets(line: CommandLine, io: Io): Promise<number> {
  const period = monthOption(line);
  const budgets = await allItems(clientOf(line, io), {
    path: '/v1/budgets',
    item: budget,
    query: { period },
  });
  await printAnswer(line, io, { data: budgets, text: () => budgetsText(budgets) });
  return EXIT.ok;
}

function budgetsText(budgets: readonly Budget[]): string {
  if (budgets.length === 0) return 'No team has a budget.\n';
  return table(
    [
      { title: 'team', value: ({ team }) => team },
      { title: 'budget', value: (one) => one.budget, align: 'right' },
      { title: 'actual', value: ({ actual }) => actual, align: 'right' },
      { title: '%', value: ({ actualPercent }) => actualPercent, align: 'right' },
      { title: 'projected', value: ({ projected }) => projected, align: 'right' },
      { title: '%', value: ({ projectedPercent }) => projectedPercent, align: 'right' },
      { title: 'P90', value: ({ projectedP90 }) => projectedP90, align: 'right' },
      { title: '%', value: ({ projectedP90Percent }) => projectedP90Percent, align: 'right' },
      { title: 'currency', value: ({ currency }) => currency },
      { title: 'reached', value: reachedText },
    ],
    budgets,
  );
}

function reachedText({ thresholds, muted, problem }: Budget): string {
  if (problem !== null) return problem;
  const reached = thresholds
    .filter(({ isReached }) => isReached)
    .map(({ kind, percent }) => `${kind.replace('-p90', ' P90')} ${percent} %`);
  const quiet = muted === null ? [] : [`muted until ${muted.until} by ${muted.by}`];
  return [...reached, ...quiet].join(', ');
}

async function mute(line: CommandLine, io: Io, team: string): Promise<number> {
  const until = line.required('until');
  const isGiven: boolean = isDay(until);
  if (!isGiven) throw new UsageError(`--until takes a day such as 2026-12-01, not "${until}".`);
  const reason = line.text('reason');
  const by = line.text('as') ?? 'anonymous';
  const muted = { until, by, ...(reason === undefined ? {} : { reason }) };
  return await change(line, io, { team, muted });
}

const teamBody = z.looseObject({ budget: z.looseObject({}).optional() });

/** The team as it is, with its budget muted or not: who writes in between is not overwritten. */
async function change(
  line: CommandLine,
  io: Io,
  { team, muted }: { readonly team: string; readonly muted: object | null },
): Promise<number> {
  const client = clientOf(line, io);
  const path = `/v1/teams/${segment(team)}`;
  const { body, etag } = await client.send('GET', path);
  const document = teamBody.parse(body);
  if (document.budget === undefined) throw new Error(`Team "${team}" has no budget.`);
  const { muted: _, ...kept } = document.budget;
  const next = { ...document, budget: muted === null ? kept : { ...kept, muted } };
  await client.send('PUT', path, { body: next, headers: { 'if-match': etag ?? '' } });
  await io.out(`budget of ${team} ${muted === null ? 'watched' : 'muted'}\n`);
  return EXIT.ok;
}
