import canonicalize from 'canonicalize';
import type { ConfigDocument, ConfigKind } from '../../lib/ports/config-store.ts';
import { etag, versionTag } from '../http/etag.ts';
import { type Precondition, requirePrecondition } from '../http/precondition.ts';
import { json, type Reply } from '../http/reply.ts';
import type { AdminPorts } from './ports.ts';

export interface DocumentWrite {
  readonly kind: ConfigKind;
  readonly id: string;
  /** As it was sent; validated before. */
  readonly document: unknown;
  readonly precondition: Precondition;
  readonly actor: string;
  /** In words, for messages. */
  readonly what: string;
}

export interface Written {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly document: ConfigDocument;
}

/**
 * Writes the next version of a document, if the caller has seen the present one. The same document
 * again changes nothing, so that applying a file twice leaves one version.
 *
 * @throws ProblemError `precondition_required`, `stale`
 */
export async function writeDocument(
  ports: Pick<AdminPorts, 'configuration' | 'now'>,
  write: DocumentWrite,
): Promise<Written> {
  const { kind, id, document } = write;
  const present = await ports.configuration.get(kind, id);
  requirePrecondition(write.precondition, present && versionTag(present), write.what);
  if (present !== null && sameDocument(present.body, document)) {
    return { outcome: 'unchanged', document: present };
  }
  const next = await ports.configuration.put({
    kind,
    id,
    body: document,
    actor: write.actor,
    updatedAt: ports.now().toISOString(),
    expectedVersion: present?.version ?? 0,
  });
  return { outcome: present === null ? 'created' : 'updated', document: next };
}

export function writtenReply({ outcome, document }: Written): Reply {
  const status = outcome === 'created' ? 201 : 200;
  return json(status, document.body, { etag: etag(versionTag(document)) });
}

/** Order of keys does not count, what stands in the values does. */
export function sameDocument(a: unknown, b: unknown): boolean {
  return canonicalize(a) === canonicalize(b);
}
