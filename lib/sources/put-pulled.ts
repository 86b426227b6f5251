import { assert } from '../assert.ts';
import { ProblemError } from '../errors.ts';
import { isRegion } from '../identifiers.ts';
import { ingestId } from '../ingest/ingest-id.ts';
import { actorSegment, dayPrefix } from '../ingest/landing-key.ts';
import type { PulledObject } from '../ports/sources.ts';
import type { Pulled } from './kinds/kind.ts';
import type { PullPorts } from './pull-source.ts';
import type { Source } from './source.ts';

const NAME_DIGITS = 32;
const encoder = new TextEncoder();

/** Puts an answer under a key that its content gives: what is there already is not put again. */
export async function putPulled(
  ports: Pick<PullPorts, 'landing' | 'bytes' | 'gzip'>,
  { id, region }: Pick<Source, 'id' | 'region'>,
  { day, lines }: Pulled,
): Promise<PulledObject> {
  assert(isRegion(region), `the stored source ${id} has no region`);
  const text = `${lines.join('\n')}\n`;
  const name = sha256(ports, encoder.encode(text)).slice(0, NAME_DIGITS);
  const key = `${dayPrefix(region, day)}pull/${actorSegment(`source:${id}`)}${name}.jsonl.gz`;
  const body = await ports.gzip(text);
  const present = await ports.landing.get(key);
  if (present === null) await putOnce(ports, key, body);
  const stored = present ?? body;
  return {
    key,
    ingestId: ingestId(ports.bytes, { region, key, sha256: sha256(ports, stored) }),
    sizeBytes: stored.byteLength,
    isNew: present === null,
  };
}

/** Who put the same answer a moment ago has done what is to be done. */
async function putOnce(
  { landing }: Pick<PullPorts, 'landing'>,
  key: string,
  body: Uint8Array,
): Promise<void> {
  try {
    await landing.put(key, body, { contentType: 'application/gzip', ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ProblemError && error.kind === 'conflict')) throw error;
  }
}

function sha256({ bytes }: Pick<PullPorts, 'bytes'>, content: Uint8Array): string {
  const hash = bytes.sha256();
  hash.update(content);
  return hash.hex();
}
