import * as z from 'zod';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { jsonText } from '../output.ts';
import { progress } from '../progress.ts';
import { run, started } from '../responses/jobs.ts';
import { clientOf } from '../server.ts';
import { waitForRun } from '../wait-for-run.ts';
import { command } from '../with-command-line.ts';

export const rebuildSpec: CommandSpec = {
  name: 'rebuild',
  summary: 'Make again what the table holds, from S3: all but configuration',
  usage: ['rebuild [--region R] [--dry-run] [-o json]'],
  examples: ['headroom rebuild --dry-run', 'headroom rebuild', 'headroom rebuild --region west'],
  options: [
    { flag: 'region', value: 'R', help: 'Only this region, and no bills' },
    { flag: 'dry-run', help: 'Count what there is to restore, and write nothing' },
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 3600)' },
    {
      flag: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['text', 'json'],
      help: 'How to print it',
    },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'What stands is left as it is, so it can be repeated. Days that were lost are metered again in the background:',
    'headroom doctor tells when that is done.',
  ],
};

export const rebuildCommand = command(rebuildSpec, rebuildTable);

const output = z.object({ restored: z.record(z.string(), z.number()) });

async function rebuildTable(line: CommandLine, io: Io): Promise<number> {
  const client = clientOf(line, io);
  const region = line.text('region');
  const dryRun = line.has('dry-run');
  const timeoutSeconds = line.integer('timeout', { min: 1, max: 86_400 }) ?? 3_600;
  const body = { ...(region === undefined ? {} : { region }), dryRun };
  const { location } = started.parse((await client.send('POST', '/v1/rebuilds', { body })).body);
  const shown = progress(io);
  shown.update(dryRun ? 'Counting what S3 keeps' : 'Restoring from S3');
  await waitForRun(client, io, { location, what: 'The rebuild', timeoutSeconds });
  shown.done();
  const ended = run
    .extend({ output: z.unknown() })
    .parse((await client.send('GET', location)).body);
  const { restored } = output.parse(ended.output);
  if (line.text('output') === 'json') {
    await io.out(jsonText({ dryRun, restored }));
    return EXIT.ok;
  }
  const counts = Object.entries(restored).map(([name, count]) => `${name}=${count}`);
  await io.out(`${dryRun ? 'would restore' : 'restored'} ${counts.join(' ') || 'nothing'}\n`);
  return EXIT.ok;
}
