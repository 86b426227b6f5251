import { open } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { capacityObject, expositionObject } from './capacity-envelope.ts';
import type { CommandLine, OptionSpec } from './command-line.ts';
import { halves, sizeOfFile } from './file-content.ts';
import { UsageError } from './io.ts';
import type { Piece } from './put-file.ts';

/** What to upload, and which files it came from. */
export interface UploadObject {
  readonly files: readonly string[];
  readonly pieces: readonly Piece[];
  /** What its content is, for the name of the upload. */
  readonly suffix: string;
  /** Goes up as it is, so it may go up in parts where it is large. */
  readonly isPlainFile?: true;
}

/** Formats that do not say what they measure come in an envelope that does; these flags write it. */
export const ENVELOPE_OPTIONS: readonly OptionSpec[] = [
  {
    flag: 'metric',
    value: 'METRIC',
    choices: ['cores', 'ram'],
    help: 'FILE is a Gnocchi answer with demand of',
  },
  {
    flag: 'granularity',
    value: 'SECONDS',
    help: 'Which of its granularities to take (default: the finest)',
  },
  { flag: 'operation', value: 'NAME', help: 'Its re-aggregation (default: sum)' },
  {
    flag: 'unit',
    value: 'UNIT',
    choices: ['vcpu', 'MiB', 'GiB'],
    help: 'What its values count',
  },
  {
    flag: 'source',
    value: 'NAME',
    help: 'FILEs are one complete capacity snapshot of this source: placement or nova; or scrapes: openstack-exporter',
  },
  {
    flag: 'provider',
    value: 'HOST',
    many: true,
    help: 'Host of each FILE of Placement, in order (default: by file name)',
  },
  {
    flag: 'project',
    value: 'ID',
    many: true,
    help: 'FILEs are what Placement says each project uses (GET /usages): its project, in order',
  },
  {
    flag: 'observed-at',
    value: 'TIME',
    help: 'When the snapshot or scrape was taken, RFC 3339 (default: now)',
  },
];

export interface EnvelopeContext {
  readonly line: CommandLine;
  readonly region: string;
  readonly now: Date;
}

/** @throws UsageError when the flags contradict each other */
export async function uploadObjects(
  files: readonly string[],
  context: EnvelopeContext,
): Promise<(() => Promise<UploadObject>)[]> {
  const { line } = context;
  checkFlags(line);
  if (line.text('source') === 'openstack-exporter') {
    return files.map((file) => () => expositionObject(file, context));
  }
  if (['source', 'provider', 'project'].some((flag) => line.has(flag))) {
    return [() => capacityObject(files, context)];
  }
  if (!line.has('metric')) return files.map((file) => () => plainObject(file));
  const head = seriesHead(context);
  return files.map((file) => () => seriesObject(file, head));
}

function checkFlags(line: CommandLine): void {
  const series = ['metric', 'granularity', 'operation', 'unit'].filter((flag) => line.has(flag));
  const capacity = ['source', 'provider', 'project', 'observed-at'].filter((flag) =>
    line.has(flag),
  );
  if (series.length > 0 && capacity.length > 0) {
    throw new UsageError(
      `--${series[0]} is for history, --${capacity[0]} for capacity: ingest them one after the other.`,
    );
  }
  if (series.length > 0 && !line.has('metric')) {
    throw new UsageError(`--${series[0]} needs --metric: what the values are demand of.`);
  }
  if (line.has('provider') && line.has('project')) {
    throw new UsageError(
      '--provider is of hosts, --project of projects: ingest them one after the other.',
    );
  }
  if (capacity.includes('observed-at') && capacity.length === 1) {
    throw new UsageError('--observed-at needs --source: which inventory was observed.');
  }
}

async function plainObject(file: string): Promise<UploadObject> {
  const sizeBytes = await sizeOfFile(file);
  return {
    files: [file],
    pieces: [{ path: file, start: 0, sizeBytes }],
    suffix: '',
    isPlainFile: true,
  };
}

function seriesHead({ line, region }: EnvelopeContext): Readonly<Record<string, unknown>> {
  const unit = line.text('unit');
  const granularity = line.integer('granularity', { min: 1, max: 31_536_000 });
  return {
    region,
    metric: line.required('metric'),
    operation: line.text('operation') ?? 'sum',
    ...(granularity === undefined ? {} : { granularity }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** The file is streamed between the two halves of its envelope; gzip stays gzip, member after member. */
async function seriesObject(
  file: string,
  head: Readonly<Record<string, unknown>>,
): Promise<UploadObject> {
  const size = await sizeOfFile(file);
  const first = await firstBytes(file);
  const zipped = first[0] === 0x1f && first[1] === 0x8b;
  const start = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 3 : 0;
  const { before, after } = halves(head);
  const pack = (text: string): Uint8Array => (zipped ? gzipSync(text) : Buffer.from(text));
  return {
    files: [file],
    pieces: [pack(before), { path: file, start, sizeBytes: size - start }, pack(after)],
    suffix: zipped ? '.json.gz' : '.json',
  };
}

async function firstBytes(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(3), 0, 3, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
