import { json } from 'node:stream/consumers';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { monthOperand } from '../month.ts';
import { JSON_OPTION, printReport } from '../output.ts';
import { verification } from '../responses/periods.ts';
import { clientOf } from '../server.ts';
import { command } from '../with-command-line.ts';

export const billVerifySpec: CommandSpec = {
  name: 'bill verify',
  summary: 'Make the bills of a closed month again from their manifest, and compare',
  usage: ['bill verify YYYY-MM [--team T] [-o json]'],
  examples: ['headroom bill verify 2026-10', 'headroom bill verify 2026-10 --team payments'],
  operands: { name: 'The month (YYYY-MM)', min: 1, max: 1 },
  options: [
    { flag: 'team', value: 'T', help: 'Only the bill and notes of this team' },
    JSON_OPTION,
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Takes nothing but what the close kept: usage by SHA-256, cards, teams, adjustments, pools and rates. Holds the',
    'stored documents against their hashes, too, and looks for gaps in the numbers. Exit code 1 when anything differs.',
  ],
};

export const billVerifyCommand = command(billVerifySpec, verify);

async function verify(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const team = line.text('team');
  const result = await jobResult(clientOf(line, io), io, {
    path: `/v1/periods/${period}/verifications`,
    body: team === undefined ? {} : { team },
    what: 'The verification',
    doing: `Computing ${period} again`,
    timeoutSeconds: line.integer('timeout', { min: 1, max: 86_400 }) ?? 900,
  });
  const answer = await json(result);
  const told = verification.parse(answer);
  await printReport(line, io, { data: answer, text: () => text(told) });
  return told.equal ? EXIT.ok : EXIT.failed;
}

function text(told: ReturnType<typeof verification.parse>): string {
  const { period, state, revision, documents, codeVersion, problems, remarks } = told;
  const count = `${documents.length} ${documents.length === 1 ? 'document' : 'documents'}`;
  const versions =
    codeVersion.closed === codeVersion.verified
      ? `code ${codeVersion.closed}`
      : `made by code ${codeVersion.closed}, computed again by ${codeVersion.verified}`;
  const outcome = told.equal
    ? `Equal: ${count} came out byte for byte as they are kept.`
    : `Not equal: ${count} computed again.`;
  return [
    `${period} ${state}, revision ${revision} (${versions})`,
    outcome,
    ...problems.map((problem) => `  ${problem}`),
    ...remarks.map((remark) => `Note: ${remark}.`),
    '',
  ].join('\n');
}
