import type { Ingest, RowCounts } from '../ports/ledger.ts';
import { ingestId } from './ingest-id.ts';
import type { IngestPorts } from './ingest-ports.ts';
import { originOf } from './landing-key.ts';
import type { Refusal } from './refusal.ts';

/** Objects up to this size are read once and kept; larger ones are read twice. */
const KEPT_BYTES_MAX = 8 * 1_048_576;

/** An object of the landing bucket, known by its content. */
export interface LandedObject {
  readonly ingest: Ingest;
  readonly putAt: Date;
  /** A fresh stream of what the hash was made from. */
  readonly open: () => Promise<AsyncIterable<Uint8Array>>;
}

/** What a message tells of an object. */
export interface Notice {
  readonly key: string;
  readonly sizeBytes: number;
  /** When the message says that the object was put. */
  readonly eventTime: Date | null;
}

export const NO_ROWS: RowCounts = {
  read: 0,
  accepted: 0,
  duplicate: 0,
  conflict: 0,
  quarantined: 0,
  unmetered: 0,
};

/**
 * Reads the object through once, for its hash and so its ingest id. An object that was deleted
 * meanwhile is told by a refused ingest.
 */
export async function identify(
  ports: IngestPorts,
  notice: Notice,
): Promise<LandedObject | { readonly refused: Ingest }> {
  const { key } = notice;
  const object = await ports.landing.open(key);
  if (!object) return { refused: refusedUnread(ports, notice, DELETED) };
  const hash = ports.bytes.sha256();
  let kept: Uint8Array[] | null = [];
  let sizeBytes = 0;
  for await (const chunk of object.body) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > KEPT_BYTES_MAX) kept = null;
    kept?.push(chunk);
  }
  const sha256 = hash.hex();
  const ingest = newIngest(ports, { key, sha256, sizeBytes, receivedAt: object.putAt });
  const chunks = kept;
  const open = chunks
    ? async () => streamOf(chunks)
    : () => reopen(ports, { key, sha256, etag: object.etag });
  return { ingest, putAt: object.putAt, open };
}

function newIngest(
  ports: Pick<IngestPorts, 'bytes'>,
  object: {
    readonly key: string;
    readonly sha256: string;
    readonly sizeBytes: number;
    readonly receivedAt: Date;
  },
): Ingest {
  const { region, actor } = originOf(object.key);
  return {
    id: ingestId(ports.bytes, { region, key: object.key, sha256: object.sha256 }),
    region,
    key: object.key,
    sha256: object.sha256,
    sizeBytes: object.sizeBytes,
    format: 'none',
    state: 'running',
    counts: NO_ROWS,
    reasons: [],
    problem: null,
    touched: [],
    quarantineKey: null,
    receivedAt: object.receivedAt.toISOString(),
    finishedAt: null,
    actor,
  };
}

/** Stands for the hash of an object that was not read. */
export const UNREAD = '';

/** For an object that is not even read. */
export function refusedUnread(ports: IngestPorts, notice: Notice, refusal: Refusal): Ingest {
  const { key, sizeBytes, eventTime } = notice;
  const { code, reason } = refusal;
  const receivedAt = eventTime ?? ports.now();
  return {
    ...newIngest(ports, { key, sha256: UNREAD, sizeBytes, receivedAt }),
    state: 'refused',
    reasons: [{ code, count: 1, example: reason }],
    problem: reason,
    finishedAt: ports.now().toISOString(),
  };
}

const DELETED: Refusal = {
  code: 'deleted',
  reason: 'The object was deleted before it was read. Put it again if its rows are needed.',
};

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** @throws Error, so that the message comes again, when the object is not the one that was hashed any more */
async function reopen(
  ports: IngestPorts,
  expected: { readonly key: string; readonly sha256: string; readonly etag: string | undefined },
): Promise<AsyncIterable<Uint8Array>> {
  const object = await ports.landing.open(expected.key);
  if (!object) throw new Error(`"${expected.key}" was deleted while it was read`);
  // The store vouches for the content: hashing it again takes longer than reading most formats.
  const isTheSame = expected.etag !== undefined && object.etag === expected.etag;
  return isTheSame ? object.body : verified(ports, object.body, expected);
}

async function* verified(
  ports: IngestPorts,
  body: AsyncIterable<Uint8Array>,
  expected: { readonly key: string; readonly sha256: string },
): AsyncGenerator<Uint8Array> {
  const hash = ports.bytes.sha256();
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.hex() !== expected.sha256) {
    throw new Error(`"${expected.key}" was overwritten while it was read`);
  }
}
