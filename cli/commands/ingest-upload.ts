import { ApiProblem, type Client } from '../client.ts';
import type { UploadObject } from '../envelope.ts';
import { type Io, UsageError } from '../io.ts';
import type { Progress } from '../progress.ts';
import { type SplitFile, splitFile } from '../split-file.ts';
import { uploadFile, uploadName } from '../upload-file.ts';
import type { Outcome } from './ingest-report.ts';

export interface UploadContext {
  readonly client: Client;
  readonly region: string;
  readonly format: string | null;
  /** Null: files are not cut. */
  readonly partBytes: number | null;
  readonly io: Io;
  readonly shown: Progress;
  /** Files as they were named on the command line, by their full path. */
  readonly named: ReadonlyMap<string, string>;
  readonly fallback: string;
}

/** One file's fault is told with the file and stops no other; a wrong command line stops all. */
export async function uploadInParts(
  prepare: () => Promise<UploadObject>,
  context: UploadContext,
): Promise<Outcome> {
  const { io, shown, named, fallback } = context;
  const keys: string[] = [];
  try {
    const object = await prepare();
    const [first = ''] = object.files.map((file) => named.get(file) ?? file);
    const others = object.files.length - 1;
    const file = others === 0 ? first : `${first} (and ${others} more)`;
    const { parts, advice } = await partsOf(object, context.partBytes);
    if (advice !== null) io.err(`${first}: ${advice}\n`);
    for await (const { suffix, pieces } of parts) {
      const fileName = uploadName(`${nameOf(object)}${suffix}`);
      keys.push(await uploadFile(context.client, { ...context, fileName, pieces }, io.sleep));
      if (suffix !== '') shown.update(`${first}: ${keys.length} parts uploaded`);
    }
    return { file, keys, ingest: null, failure: null };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof ApiProblem && error.status === 400) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return { file: fallback, keys, ingest: null, failure: reason + uploadedSoFar(keys) };
  }
}

function uploadedSoFar({ length }: readonly string[]): string {
  if (length === 0) return '';
  return ` The ${length === 1 ? 'part' : `${length} parts`} before went up; send the whole file again, and what is in already counts once.`;
}

function nameOf({ files, suffix }: UploadObject): string {
  return `${(files[0] ?? '').replace(suffix, '')}${suffix}`;
}

async function partsOf(
  { files, pieces, isPlainFile }: UploadObject,
  partBytes: number | null,
): Promise<SplitFile> {
  if (isPlainFile === true && partBytes !== null) return await splitFile(files[0] ?? '', partBytes);
  const whole = async function* () {
    yield { suffix: '', pieces };
  };
  return { parts: whole(), advice: null };
}
