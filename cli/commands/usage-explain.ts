import { json } from 'node:stream/consumers';
import { HOUR_US, parseInstant } from '../../lib/period/instant.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { explanation } from '../responses/usage-explanation.ts';
import { clientOf } from '../server.ts';
import { command } from '../with-command-line.ts';
import { explanationText } from './explanation-text.ts';

export const explainSpec: CommandSpec = {
  name: 'usage explain',
  summary: 'Tell which samples and files the usage of an hour came from',
  usage: [
    'usage explain --region R --resource ID --measure M --hour HOUR [--project P] [-o json|table]',
  ],
  examples: [
    'headroom usage explain --region west --resource 5f0c1a52 --measure cores --hour 2026-10-05T10:00:00Z',
    'headroom usage explain --region west --resource 5f0c1a52 --measure cores --hour 2026-10-05T10:00:00Z -o json',
  ],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    { flag: 'resource', value: 'ID', required: true, help: 'The resource' },
    { flag: 'measure', value: 'M', required: true, help: 'The measure: cores, ram, volume ...' },
    {
      flag: 'hour',
      value: 'HOUR',
      required: true,
      help: 'The hour, by its first instant, UTC: 2026-10-05T10:00:00Z',
    },
    { flag: 'project', value: 'P', help: 'Only the rows of this project' },
    OUTPUT_OPTION,
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 300)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'The contributions of a row add up to its quantity exactly. json has every row as it was received.',
  ],
};

export const explainCommand = command(explainSpec, explain);

async function explain(line: CommandLine, io: Io): Promise<number> {
  const result = await jobResult(clientOf(line, io), io, {
    path: '/v1/usage/explanations',
    body: {
      region: line.required('region'),
      resource: line.required('resource'),
      measure: line.required('measure'),
      hour: hourOption(line),
      project: line.text('project') ?? null,
    },
    what: 'The explanation',
    doing: 'Reading samples',
    timeoutSeconds: line.integer('timeout', { min: 1, max: 86_400 }) ?? 300,
  });
  const answer = await json(result);
  await printAnswer(line, io, {
    data: answer,
    text: () => explanationText(explanation.parse(answer)),
  });
  return EXIT.ok;
}

function hourOption(line: CommandLine): string {
  const text = line.required('hour');
  const instant = parseInstant(text);
  if (text.endsWith('Z') && instant !== null && instant % HOUR_US === 0) return text;
  throw new UsageError(
    `--hour takes the first instant of an hour, UTC, such as 2026-10-05T10:00:00Z, not "${text}".`,
  );
}
