import { json } from 'node:stream/consumers';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { billExplanation } from '../responses/bills.ts';
import { clientOf } from '../server.ts';
import { printable } from '../table.ts';
import { command } from '../with-command-line.ts';
import { monthOperand } from './close.ts';

export const billExplainSpec: CommandSpec = {
  name: 'bill explain',
  summary: 'Tell what the lines of a bill follow from, in words and numbers',
  usage: ['bill explain YYYY-MM TEAM [LINE] [-o json]'],
  examples: ['headroom bill explain 2026-10 payments', 'headroom bill explain 2026-10 payments 3'],
  operands: { name: 'The month (YYYY-MM), the team and, if you like, a line', min: 2, max: 3 },
  options: [
    { flag: 'output', short: 'o', value: 'FORMAT', choices: ['json'], help: 'How to print it' },
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Lines count from 1, in the order of the bill. The numbers of an explanation give the amount exactly. A closed bill is',
    'explained from what its close kept; an estimate from what there is now.',
  ],
};

export const billExplainCommand = command(billExplainSpec, explain);

async function explain(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const [, team = '', number] = line.operands;
  const result = await jobResult(clientOf(line, io), io, {
    path: `/v1/periods/${period}/explanations`,
    body: { team, ...(number === undefined ? {} : { line: lineNumber(number) }) },
    what: 'The explanation',
    doing: `Making the bill of ${team} again`,
    timeoutSeconds: line.integer('timeout', { min: 1, max: 86_400 }) ?? 900,
  });
  const answer = await json(result);
  await io.out(
    line.text('output') === 'json'
      ? `${JSON.stringify(answer, null, 2)}\n`
      : text(billExplanation.parse(answer)),
  );
  return EXIT.ok;
}

function lineNumber(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is not the number of a line: they count from 1.`);
}

function text(told: ReturnType<typeof billExplanation.parse>): string {
  const { period, team, state, number, total, currency, lines, lineCount, remarks } = told;
  const called = number === null ? state : `${state}, ${number}`;
  return [
    printable(
      `Bill of "${team}" for ${period} (${called}): ${total} ${currency}, ${lineCount} lines.`,
    ),
    ...remarks.map((remark) => `Note: ${remark}`),
    ...lines.flatMap((one) => ['', ...one.text.map(printable)]),
    '',
  ].join('\n');
}
