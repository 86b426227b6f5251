import { sha256OfJson } from '../billing/sha256.ts';
import type { AuditEntry, AuditFact, AuditHead } from '../ports/audit.ts';

/** The end of an empty log. */
export const GENESIS: AuditHead = { seq: 0, hash: '0'.repeat(64) };

/** The entry that follows `head`. */
export async function entryAfter(head: AuditHead, fact: AuditFact): Promise<AuditEntry> {
  const { at, actor, action, subject, version, before, after } = fact;
  const body = {
    seq: head.seq + 1,
    at,
    actor,
    action,
    subject,
    version,
    before,
    after,
    prevHash: head.hash,
  };
  return { ...body, hash: await sha256OfJson(body) };
}

/** What the hash of an entry is to be, by what stands in it. */
export function hashOf(entry: AuditEntry): Promise<string> {
  const { hash: _, ...body } = entry;
  return sha256OfJson(body);
}

/** An action on no document of its own. */
export function factOf(
  fact: Pick<AuditFact, 'at' | 'actor' | 'action' | 'subject'>,
  version: number | null = null,
): AuditFact {
  return { ...fact, version, before: null, after: null };
}
