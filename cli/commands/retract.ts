import { type Client, segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { JSON_OPTION, printReport } from '../output.ts';
import { poll } from '../poll.ts';
import { progress } from '../progress.ts';
import { type RetractedView, retracted } from '../responses/ingests.ts';
import { clientOf } from '../server.ts';
import { printable } from '../table.ts';
import { command } from '../with-command-line.ts';

export const retractSpec: CommandSpec = {
  name: 'retract',
  summary: 'Withdraw an ingest: none of its rows count any more',
  usage: ['retract INGEST_ID --reason TEXT [--wait] [-o json]'],
  examples: [
    'headroom retract 5f57c02b59f8e212e73dac7e44c292e6 --reason "exported for the wrong region" --wait',
  ],
  operands: { name: 'INGEST_ID', min: 1, max: 1 },
  options: [
    { flag: 'reason', value: 'TEXT', required: true, help: 'Why, for the record' },
    { flag: 'wait', help: 'Until the days it touched are metered without it' },
    JSON_OPTION,
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'The days that the ingest touched are metered again without it; bills that are issued stay as they are. Its',
    'object stays in landing and is never taken up again: to undo a retraction, ingest the rows in another file.',
  ],
};

export const retractCommand = command(retractSpec, retractIngest);

async function retractIngest(line: CommandLine, io: Io): Promise<number> {
  const [id = ''] = line.operands;
  const timeoutSeconds = line.integer('timeout', { min: 1, max: 86_400 }) ?? 900;
  const client = clientOf(line, io);
  const answer = await client.send('POST', `/v1/ingests/${segment(id)}/retract`, {
    body: { reason: line.required('reason') },
    repeatable: true,
  });
  const first = retracted.parse(answer.body);
  const ingest = line.has('wait')
    ? await settled(client, io, { id: first.id, timeoutSeconds })
    : first;
  await printReport(line, io, { data: ingest, text: () => retractedText(ingest) });
  return EXIT.ok;
}

async function settled(
  client: Client,
  io: Io,
  { id, timeoutSeconds }: { readonly id: string; readonly timeoutSeconds: number },
): Promise<RetractedView> {
  const shown = progress(io);
  shown.update('Metering without it ...');
  return await poll(io, { timeoutSeconds, what: 'Metering' }, async () => {
    const ingest = retracted.parse((await client.send('GET', `/v1/ingests/${segment(id)}`)).body);
    return ingest.retraction.metered ? ingest : null;
  }).finally(shown.done);
}

function retractedText({ id, key, counts, days, retraction }: RetractedView): string {
  const { actor, at, reason, metered } = retraction;
  const range = days.length === 0 ? 'no day' : `${days[0]} to ${days.at(-1)}`;
  return [
    `${id} retracted by ${printable(actor)} at ${at}: ${printable(reason)}`,
    `  ${printable(key)}`,
    `  ${counts.accepted} accepted rows count no more; ${metered ? `${range} metered without them` : `${range} to be metered again`}`,
    '',
  ].join('\n');
}
