import { open, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CommandLine, OptionSpec } from './command-line.ts';
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
  { flag: 'granularity', value: 'SECONDS', help: 'Which of its granularities to take (3600)' },
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
    help: 'FILEs are one complete capacity snapshot of this source: placement or nova',
  },
  {
    flag: 'provider',
    value: 'HOST',
    many: true,
    help: 'Host of each FILE of Placement, in order (default: by file name)',
  },
  {
    flag: 'observed-at',
    value: 'TIME',
    help: 'When the snapshot was taken, RFC 3339 (default: now)',
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
  if (line.has('source') || line.has('provider')) {
    return [() => capacityObject(files, context)];
  }
  if (!line.has('metric')) return files.map((file) => () => plainObject(file));
  const head = seriesHead(context);
  return files.map((file) => () => seriesObject(file, head));
}

function checkFlags(line: CommandLine): void {
  const series = ['metric', 'granularity', 'operation', 'unit'].filter((flag) => line.has(flag));
  const capacity = ['source', 'provider', 'observed-at'].filter((flag) => line.has(flag));
  if (series.length > 0 && capacity.length > 0) {
    throw new UsageError(
      `--${series[0]} is for history, --${capacity[0]} for capacity: ingest them one after the other.`,
    );
  }
  if (series.length > 0 && !line.has('metric')) {
    throw new UsageError(`--${series[0]} needs --metric: what the values are demand of.`);
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
  return {
    region,
    metric: line.required('metric'),
    operation: line.text('operation') ?? 'sum',
    granularity: line.integer('granularity', { min: 1, max: 31_536_000 }) ?? 3_600,
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

/** One object is one complete snapshot of its source, so all files go into it; they are small. */
async function capacityObject(
  files: readonly string[],
  { line, region, now }: EnvelopeContext,
): Promise<UploadObject> {
  const source = line.text('source') ?? 'placement';
  const observedAt = line.text('observed-at') ?? now.toISOString();
  const providers = line.all('provider');
  if (providers.length > 0 && providers.length !== files.length) {
    throw new UsageError(
      `--provider is given ${providers.length} times for ${files.length} files: name the host of each.`,
    );
  }
  const pieces: Uint8Array[] = [];
  for (const [index, file] of files.entries()) {
    const host = source === 'placement' ? (providers[index] ?? hostOf(file)) : undefined;
    const resourceProvider = host === undefined ? {} : { resourceProvider: host };
    const { before, after } = halves({ region, source, ...resourceProvider, observedAt });
    const separator = index === 0 ? '[' : ',\n';
    pieces.push(Buffer.from(separator + before), await contentOf(file), Buffer.from(after));
  }
  pieces.push(Buffer.from(']\n'));
  return { files, pieces, suffix: '.json' };
}

function halves(head: Readonly<Record<string, unknown>>): { before: string; after: string } {
  return { before: `${JSON.stringify(head).slice(0, -1)},"body":`, after: '}\n' };
}

/** `compute-7-inventories.json` and `compute-7.usages.json` are both of compute-7. */
function hostOf(file: string): string {
  return basename(file)
    .replace(/(\.json)?(\.gz)?$/, '')
    .replace(/[._-](inventories|usages)$/, '');
}

async function contentOf(file: string): Promise<Uint8Array> {
  await sizeOfFile(file);
  const bytes = await readFile(file);
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return content[0] === 0xef && content[1] === 0xbb ? content.subarray(3) : content;
}

async function sizeOfFile(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  if (found === null) throw new Error('there is no such file');
  if (!found.isFile()) throw new Error('it is not a file; name the files in it');
  return found.size;
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
