import type { ByteWork } from '../ports/byte-work.ts';

const ID_DIGITS = 32;
const encoder = new TextEncoder();

/** Names an ingest by what is ingested, so that a retry overwrites itself. 32 hex digits. */
export function ingestId(
  bytes: Pick<ByteWork, 'sha256'>,
  object: { readonly region: string; readonly key: string; readonly sha256: string },
): string {
  return digest(bytes, [object.region, object.key, object.sha256]);
}

/** Names a batch by its ingests. 32 hex digits. */
export function batchId(bytes: Pick<ByteWork, 'sha256'>, ingestIds: readonly string[]): string {
  return digest(bytes, ingestIds.toSorted());
}

function digest(bytes: Pick<ByteWork, 'sha256'>, parts: readonly string[]): string {
  const hash = bytes.sha256();
  hash.update(encoder.encode(JSON.stringify(parts)));
  return hash.hex().slice(0, ID_DIGITS);
}
