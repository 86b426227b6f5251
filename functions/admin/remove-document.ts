import { ProblemError } from '../../lib/errors.ts';
import { versionTag } from '../http/etag.ts';
import { requirePrecondition } from '../http/precondition.ts';
import { noContent, type Reply } from '../http/reply.ts';
import type { AdminPorts } from './ports.ts';
import type { DocumentWrite } from './write-document.ts';

/**
 * Takes a document away, if the caller has seen its present version.
 *
 * @throws ProblemError `not_found`, `precondition_required`, `stale`
 */
export async function removeDocument(
  { configuration, now }: Pick<AdminPorts, 'configuration' | 'now'>,
  { kind, id, what, precondition, actor }: Omit<DocumentWrite, 'document'>,
): Promise<Reply> {
  const present = await configuration.get(kind, id);
  if (present === null) throw new ProblemError('not_found', `${what} does not exist.`);
  requirePrecondition(precondition, versionTag(present), what);
  const expectedVersion = present.version;
  await configuration.delete(kind, id, { expectedVersion, actor, at: now().toISOString() });
  return noContent();
}
