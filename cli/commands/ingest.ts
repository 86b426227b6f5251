import { resolve } from 'node:path';
import { FORMAT_NAMES } from '../../lib/ingest/detection.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { ENVELOPE_OPTIONS, uploadObjects } from '../envelope.ts';
import { inParallel } from '../in-parallel.ts';
import { EXIT, type Io } from '../io.ts';
import { jsonText } from '../output.ts';
import { progress } from '../progress.ts';
import { clientOf } from '../server.ts';
import { command } from '../with-command-line.ts';
import { ingestLine, ingestRecord, type Outcome, remarks } from './ingest-report.ts';
import { uploadInParts } from './ingest-upload.ts';
import { waitForAll } from './ingest-wait.ts';

export const ingestSpec: CommandSpec = {
  name: 'ingest',
  summary: 'Upload usage exports of OpenStack: Ceilometer samples, Gnocchi history, capacity',
  usage: ['ingest FILE... --region R [--wait]'],
  examples: [
    'headroom ingest samples-2026-10-*.jsonl.gz --region west --wait',
    'headroom ingest cores.json --region west --metric cores --granularity 3600',
    'headroom ingest compute-*.json --region west --source placement',
    'headroom ingest hypervisors.json --region west --source nova --wait',
  ],
  operands: { name: 'FILE', min: 1, max: 100_000 },
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region that the data is of' },
    {
      flag: 'format',
      value: 'NAME',
      choices: FORMAT_NAMES,
      help: 'What the files are (default: told from their content)',
    },
    { flag: 'wait', help: 'Until the usage contains it, then print what became of its rows' },
    {
      flag: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['text', 'json', 'jsonl'],
      help: 'How to print it (default: text)',
    },
    {
      flag: 'part-size',
      value: 'MIB',
      help: 'Cut JSON lines and CSV beyond this size into parts (default: 64)',
    },
    { flag: 'no-split', help: 'Upload each file as one object, however large' },
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait in all (default: 900)' },
    ...ENVELOPE_OPTIONS,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'With --wait a line a file: FILE rows=.. accepted=.. duplicate=.. conflict=.. quarantined=.. unmetered=..',
    'rows = accepted + duplicate + conflict + quarantined; unmetered is part of accepted.',
    'Files may be plain, gzip or zstd; their format is found from the content (docs/formats.md). A file that is refused is told',
    'with its reason, the others still go in, and the exit code is 1.',
    'A file larger than a part goes up as FILE.part-0001 and so on; its report is the sum of its parts. Sent again, what is in',
    'already counts once.',
  ],
};

export const ingestCommand = command(ingestSpec, ingestFiles);

/** More would only queue up in the store. */
const UPLOADS_AT_ONCE = 4;
const MIB = 1_048_576;
/** What stores and functions take without effort, and a broken upload can send again. */
const PART_MIB = 64;

async function ingestFiles(line: CommandLine, io: Io): Promise<number> {
  const region = line.required('region');
  const format = line.text('format') ?? null;
  const timeoutSeconds = line.integer('timeout', { min: 1, max: 86_400 }) ?? 900;
  const client = clientOf(line, io);
  const files = line.operands.map((file) => resolve(io.cwd, file));
  const named = new Map(files.map((file, index) => [file, line.operands[index] ?? file]));
  const partMib = line.integer('part-size', { min: 1, max: 1_024 }) ?? PART_MIB;
  const partBytes = line.has('no-split') ? null : partMib * MIB;
  const objects = await uploadObjects(files, { line, region, now: io.now() });
  const shown = progress(io);
  let done = 0;
  const uploads = await inParallel(objects, UPLOADS_AT_ONCE, async (prepare, index) => {
    const fallback = named.get(files[index] ?? '') ?? '';
    const context = { client, region, format, partBytes, io, shown, named, fallback };
    const outcome = await uploadInParts(prepare, context);
    done += 1;
    shown.update(`Uploaded ${done} of ${objects.length}`);
    return outcome;
  });
  const outcomes = line.has('wait')
    ? await waitForAll(uploads, { client, io, shown, timeoutSeconds })
    : uploads;
  shown.done();
  await report(outcomes, line.text('output') ?? 'text', io);
  return outcomes.every(({ failure }) => failure === null) ? EXIT.ok : EXIT.failed;
}

async function report(outcomes: readonly Outcome[], output: string, io: Io): Promise<void> {
  if (output === 'json') {
    await io.out(jsonText(outcomes.map(ingestRecord)));
  }
  for (const outcome of outcomes) {
    if (output === 'jsonl') await io.out(`${JSON.stringify(ingestRecord(outcome))}\n`);
    if (output === 'text' && outcome.failure === null) await io.out(`${ingestLine(outcome)}\n`);
    for (const text of remarks(outcome)) io.err(`${text}\n`);
  }
}
