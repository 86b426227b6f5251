import { resolve } from 'node:path';
import { FORMAT_NAMES } from '../../lib/ingest/detection.ts';
import { ApiProblem, type Client } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { ENVELOPE_OPTIONS, type UploadObject, uploadObjects } from '../envelope.ts';
import { inParallel } from '../in-parallel.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { poll } from '../poll.ts';
import { type Progress, progress } from '../progress.ts';
import { type IngestView, ingestPage } from '../responses.ts';
import { clientOf } from '../server.ts';
import { uploadFile, uploadName } from '../upload-file.ts';
import { command } from '../with-command-line.ts';
import { ingestLine, ingestRecord, type Outcome, remarks } from './ingest-report.ts';

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
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait in all (default: 900)' },
    ...ENVELOPE_OPTIONS,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'With --wait a line a file: FILE rows=.. accepted=.. duplicate=.. conflict=.. quarantined=.. unmetered=..',
    'rows = accepted + duplicate + conflict + quarantined; unmetered is part of accepted.',
    'Files may be plain, gzip or zstd; their format is found from the content (docs/formats.md). A file that is refused is told',
    'with its reason, the others still go in, and the exit code is 1.',
  ],
};

export const ingestCommand = command(ingestSpec, ingestFiles);

/** More would only queue up in the store. */
const UPLOADS_AT_ONCE = 4;
const WAITS_AT_ONCE = 8;

async function ingestFiles(line: CommandLine, io: Io): Promise<number> {
  const region = line.required('region');
  const format = line.text('format') ?? null;
  const timeoutSeconds = line.integer('timeout', { min: 1, max: 86_400 }) ?? 900;
  const client = clientOf(line, io);
  const files = line.operands.map((file) => resolve(io.cwd, file));
  const named = new Map(files.map((file, index) => [file, line.operands[index] ?? file]));
  const objects = await uploadObjects(files, { line, region, now: io.now() });
  const shown = progress(io);
  let done = 0;
  const uploads = await inParallel(objects, UPLOADS_AT_ONCE, async (prepare, index) => {
    const fallback = named.get(files[index] ?? '') ?? '';
    const context = { client, region, format, io, named, fallback };
    const outcome = await upload(prepare, context);
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

interface UploadContext {
  readonly client: Client;
  readonly region: string;
  readonly format: string | null;
  readonly io: Io;
  /** Files as they were named on the command line, by their full path. */
  readonly named: ReadonlyMap<string, string>;
  readonly fallback: string;
}

/** One file's fault is told with the file and stops no other; a wrong command line stops all. */
async function upload(
  prepare: () => Promise<UploadObject>,
  { client, region, format, io, named, fallback }: UploadContext,
): Promise<Outcome> {
  try {
    const { files, pieces, suffix } = await prepare();
    const fileName = uploadName(`${(files[0] ?? '').replace(suffix, '')}${suffix}`);
    const key = await uploadFile(client, { region, fileName, format, pieces }, io.sleep);
    const [first = ''] = files.map((file) => named.get(file) ?? file);
    const file = files.length === 1 ? first : `${first} (and ${files.length - 1} more)`;
    return { file, key, ingest: null, failure: null };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof ApiProblem && error.status === 400) throw error;
    const failure = error instanceof Error ? error.message : String(error);
    return { file: fallback, key: null, ingest: null, failure };
  }
}

async function waitForAll(
  uploads: readonly Outcome[],
  wait: {
    readonly client: Client;
    readonly io: Io;
    readonly shown: Progress;
    readonly timeoutSeconds: number;
  },
): Promise<Outcome[]> {
  const { client, io, shown } = wait;
  const deadline = io.now().getTime() + wait.timeoutSeconds * 1_000;
  let done = 0;
  return await inParallel(uploads, WAITS_AT_ONCE, async (outcome) => {
    const { key, file } = outcome;
    if (key === null) return outcome;
    try {
      const timeoutSeconds = Math.max(1, (deadline - io.now().getTime()) / 1_000);
      const ingest = await poll(io, { timeoutSeconds, what: file }, () => finalIngest(client, key));
      const failure = ingest.state === 'refused' ? `refused: ${ingest.problem ?? ''}` : null;
      return { ...outcome, ingest, failure };
    } catch (error) {
      return { ...outcome, failure: error instanceof Error ? error.message : String(error) };
    } finally {
      done += 1;
      shown.update(`Metered ${done} of ${uploads.length}`);
    }
  });
}

async function finalIngest(client: Client, key: string): Promise<IngestView | null> {
  const answer = await client.send('GET', '/v1/ingests', { query: { key } });
  const [ingest] = ingestPage.parse(answer.body).items;
  return ingest?.state === 'metered' || ingest?.state === 'refused' ? ingest : null;
}

async function report(outcomes: readonly Outcome[], output: string, io: Io): Promise<void> {
  if (output === 'json') {
    await io.out(`${JSON.stringify(outcomes.map(ingestRecord), null, 2)}\n`);
  }
  for (const outcome of outcomes) {
    if (output === 'jsonl') await io.out(`${JSON.stringify(ingestRecord(outcome))}\n`);
    if (output === 'text' && outcome.failure === null) await io.out(`${ingestLine(outcome)}\n`);
    for (const text of remarks(outcome)) io.err(`${text}\n`);
  }
}
