import { randomUUID } from 'node:crypto';
import { entryAfter, GENESIS } from '../../audit/audit-entry.ts';
import type { AuditEntry, AuditHead, AuditLog, UntoldFact } from '../../ports/audit.ts';

export type MemoryAuditLog = AuditLog & { readonly entries: readonly AuditEntry[] };

export function memoryAuditLog(): MemoryAuditLog {
  const entries: AuditEntry[] = [];
  const told = new Map<string, AuditEntry>();
  const head = (): AuditHead => entries.at(-1) ?? GENESIS;
  const log: MemoryAuditLog = {
    entries,
    async prepare(fact) {
      const { seq, hash } = head();
      return { id: randomUUID(), fact: structuredClone(fact), head: { seq, hash } };
    },
    async tell({ id, fact }: UntoldFact) {
      for (;;) {
        const present = told.get(id);
        if (present !== undefined) return present;
        const before = head();
        const entry = await entryAfter(before, fact);
        // Hashing lets others in: they may have told it, or something else.
        if (told.has(id) || head() !== before) continue;
        entries.push(entry);
        told.set(id, entry);
        return entry;
      }
    },
    append: async (fact) => log.tell(await log.prepare(fact)),
    async *list(after) {
      yield* entries.slice(after).map((entry) => structuredClone(entry));
    },
  };
  return log;
}
