import { sha256OfJson } from '../billing/sha256.ts';
import type { AuditFact } from '../ports/audit.ts';
import type { ConfigDocument } from '../ports/config-store.ts';

interface State {
  readonly document: ConfigDocument;
  readonly deleted: boolean;
}

/** What the audit log tells of a document's next version. */
export async function changeOf(before: State | null, after: State): Promise<AuditFact> {
  const { kind, id, version, actor, updatedAt } = after.document;
  return {
    at: updatedAt,
    actor,
    action: `${kind}.${after.deleted ? 'delete' : 'put'}`,
    subject: id,
    version,
    before: await hashOf(before),
    after: await hashOf(after),
  };
}

async function hashOf(state: State | null): Promise<string | null> {
  return state === null || state.deleted ? null : await sha256OfJson(state.document.body);
}
