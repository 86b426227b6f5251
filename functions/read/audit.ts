import type { AuditEntry } from '../../lib/ports/audit.ts';
import { listAudit } from '../http/contracts/audit.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

export function auditRoutes({ audit }: Pick<ReadPorts, 'audit'>): Implementation[] {
  return [
    implement(listAudit, async ({ query: { from, to, subject, limit, cursor } }) => {
      const list = JSON.stringify(['audit', from, to, subject]);
      const after = Number(decodeCursor(list, cursor) ?? 0);
      const items: AuditEntry[] = [];
      for await (const entry of audit.list(after)) {
        if (isWanted(entry, { from, to, subject })) items.push(entry);
        if (items.length > limit) break;
      }
      const shown = items.slice(0, limit);
      const last = shown.at(-1);
      const more = items.length > limit && last !== undefined;
      return json(200, {
        items: shown,
        nextCursor: more ? encodeCursor(list, String(last.seq)) : null,
      });
    }),
  ];
}

interface Filter {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly subject: string | undefined;
}

function isWanted({ at, subject }: AuditEntry, wanted: Filter): boolean {
  const day = at.slice(0, 10);
  const isInTime = day >= (wanted.from ?? '') && (wanted.to === undefined || day < wanted.to);
  return isInTime && (wanted.subject ?? subject) === subject;
}
