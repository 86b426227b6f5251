import { basename } from 'node:path';
import type { EnvelopeContext, UploadObject } from './envelope.ts';
import { contentOf, halves } from './file-content.ts';
import { UsageError } from './io.ts';

/** One object is one complete snapshot of its source, so all files go into it; they are small. */
export async function capacityObject(
  files: readonly string[],
  { line, region, now }: EnvelopeContext,
): Promise<UploadObject> {
  const source = line.text('source') ?? 'placement';
  const observedAt = line.text('observed-at') ?? now.toISOString();
  const [providers, projects] = [line.all('provider'), line.all('project')];
  checkNumber(providers, files, 'provider', 'host');
  checkNumber(projects, files, 'project', 'project');
  const pieces: Uint8Array[] = [];
  for (const [index, file] of files.entries()) {
    const project = projects[index];
    const isOfHost = source === 'placement' && project === undefined;
    const of = isOfHost ? { resourceProvider: providers[index] ?? hostOf(file) } : { project };
    const { before, after } = halves({ region, source, ...of, observedAt });
    const separator = index === 0 ? '[' : ',\n';
    pieces.push(Buffer.from(separator + before), await contentOf(file), Buffer.from(after));
  }
  pieces.push(Buffer.from(']\n'));
  return { files, pieces, suffix: '.json' };
}

function checkNumber(
  given: readonly string[],
  files: readonly string[],
  flag: string,
  what: string,
): void {
  if (given.length === 0 || given.length === files.length) return;
  throw new UsageError(
    `--${flag} is given ${given.length} times for ${files.length} files: name the ${what} of each.`,
  );
}

/** A scrape is text; its envelope says when it was taken. */
export async function expositionObject(
  file: string,
  { line, region, now }: EnvelopeContext,
): Promise<UploadObject> {
  const observedAt = line.text('observed-at') ?? now.toISOString();
  const body = Buffer.from(await contentOf(file)).toString('utf8');
  const envelope = { region, source: 'openstack-exporter', observedAt, body };
  return { files: [file], pieces: [Buffer.from(`${JSON.stringify(envelope)}\n`)], suffix: '.json' };
}

/** `compute-7-inventories.json` and `compute-7.usages.json` are both of compute-7. */
function hostOf(file: string): string {
  return basename(file)
    .replace(/(\.json)?(\.gz)?$/, '')
    .replace(/[._-](inventories|usages|allocations|traits)$/, '');
}
