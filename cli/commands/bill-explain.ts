import { json } from 'node:stream/consumers';
import type * as z from 'zod';
import { type Client, segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { monthOperand, optionalMonth } from '../month.ts';
import { JSON_OPTION, printReport } from '../output.ts';
import { billExplanation, note } from '../responses/bills.ts';
import { clientOf } from '../server.ts';
import { printable } from '../table.ts';
import { command } from '../with-command-line.ts';

export const billExplainSpec: CommandSpec = {
  name: 'bill explain',
  summary: 'Tell what the lines of a bill or a note follow from, in words and numbers',
  usage: [
    'bill explain YYYY-MM TEAM [LINE] [--corrects YYYY-MM] [-o json]',
    'bill explain N2026-000001 [LINE] [-o json]',
  ],
  examples: [
    'headroom bill explain 2026-10 payments',
    'headroom bill explain 2026-10 payments 3',
    'headroom bill explain N2026-000001',
  ],
  operands: {
    name: 'The month (YYYY-MM) and the team, or the number of a note, and, if you like, a line',
    min: 1,
    max: 3,
  },
  options: [
    {
      flag: 'corrects',
      value: 'YYYY-MM',
      help: 'The note on this month that goes out with the bills of the other: drafts have no number',
    },
    JSON_OPTION,
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Lines count from 1, in the order of the bill. The numbers of an explanation give the amount exactly. A closed bill is',
    'explained from what its close kept; an estimate from what there is now. Of a note: what was billed, what it should',
    'have been, and what differs.',
  ],
};

export const billExplainCommand = command(billExplainSpec, explain);

async function explain(line: CommandLine, io: Io): Promise<number> {
  const client = clientOf(line, io);
  const { period, ...body } = await questionOf(line, client);
  const result = await jobResult(client, io, {
    path: `/v1/periods/${period}/explanations`,
    body,
    what: 'The explanation',
    doing: `Making the bill of ${body.team} again`,
    timeoutSeconds: line.integer('timeout', { min: 1, max: 86_400 }) ?? 900,
  });
  const answer = await json(result);
  await printReport(line, io, { data: answer, text: () => text(billExplanation.parse(answer)) });
  return EXIT.ok;
}

interface Question {
  readonly period: string;
  readonly team: string;
  readonly line?: number;
  /** Of a note. */
  readonly corrects?: string;
}

async function questionOf(line: CommandLine, client: Client): Promise<Question> {
  const [first = '', second, third] = line.operands;
  const corrects = optionalMonth(line, 'corrects');
  if (!first.startsWith('N')) {
    const period = monthOperand(line);
    if (second === undefined) throw new UsageError(`Whose bill of ${period}? Name the team.`);
    const month = corrects === undefined ? {} : { corrects };
    return { period, team: second, ...lineOf(third), ...month };
  }
  if (third !== undefined || corrects !== undefined) {
    throw new UsageError(`${first} is a note: no team and no --corrects goes with its number.`);
  }
  const asked = lineOf(second);
  const found = note.parse((await client.send('GET', `/v1/notes/${segment(first)}`)).body);
  return { period: found.period, team: found.team, ...asked, corrects: found.corrects.period };
}

function lineOf(text: string | undefined): { readonly line?: number } {
  return text === undefined ? {} : { line: lineNumber(text) };
}

function lineNumber(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is not the number of a line: they count from 1.`);
}

function text(told: z.output<typeof billExplanation>): string {
  const { total, currency, lines, lineCount, remarks } = told;
  return [
    printable(`${calledOf(told)}: ${total} ${currency}, ${lineCount} lines.`),
    ...remarks.map((remark) => `Note: ${remark}`),
    ...lines.flatMap((one) => ['', ...one.text.map(printable)]),
    '',
  ].join('\n');
}

function calledOf({
  period,
  team,
  state,
  number,
  kind,
  corrects,
}: z.output<typeof billExplanation>): string {
  const called = number === null ? state : `${state}, ${number}`;
  if (corrects === undefined) return `Bill of "${team}" for ${period} (${called})`;
  const name = kind === 'debit' ? 'Debit note' : 'Credit note';
  const bill = corrects.number === null ? 'which it had none of' : corrects.number;
  return `${name} to "${team}" on its bill for ${corrects.period} (${bill}), with ${period} (${called})`;
}
