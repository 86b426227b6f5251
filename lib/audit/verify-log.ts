import type { AuditEntry, AuditHead } from '../ports/audit.ts';
import { GENESIS, hashOf } from './audit-entry.ts';

/** A head of the log that was written down elsewhere, and where. */
export interface Anchor extends AuditHead {
  /** For instance `the close of 2026-10`. */
  readonly place: string;
}

export type Verified =
  | { readonly ok: true; readonly head: AuditHead }
  /** The first entry that is not as it was written, and why. */
  | { readonly ok: false; readonly seq: number; readonly reason: string };

/**
 * Whether the log is as it was written: entries follow each other without a gap, each has the hash of
 * what it says and cites the one before; and those that were anchored elsewhere are still there. What
 * was appended after the last anchor can be cut off without a trace.
 *
 * @param entries in the order in which they are stored
 */
export async function verifyLog(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  anchors: readonly Anchor[],
): Promise<Verified> {
  const cited = Map.groupBy(anchors, ({ seq }) => seq);
  let head = GENESIS;
  for await (const entry of entries) {
    const seq = head.seq + 1;
    const reason = (await faultOf(entry, head)) ?? anchorFault(entry.hash, cited.get(seq) ?? []);
    if (reason !== null) return { ok: false, seq, reason };
    head = { seq, hash: entry.hash };
  }
  const lost = anchors.filter(({ seq }) => seq > head.seq).sort((a, b) => a.seq - b.seq)[0];
  if (lost === undefined) return { ok: true, head };
  const reason = `it is missing, and with it all up to entry ${lost.seq}, which ${lost.place} cites: the log was cut off`;
  return { ok: false, seq: head.seq + 1, reason };
}

async function faultOf(entry: AuditEntry, head: AuditHead): Promise<string | null> {
  if (entry.seq !== head.seq + 1) {
    return `entry ${entry.seq} stands in its place: one was removed, or two were swapped`;
  }
  if ((await hashOf(entry)) !== entry.hash)
    return 'what it says is not what was hashed: it was changed';
  if (entry.prevHash !== head.hash) {
    return `it does not cite entry ${head.seq} as that stands: one of the two was replaced`;
  }
  return null;
}

function anchorFault(hash: string, cited: readonly Anchor[]): string | null {
  const other = cited.find((anchor) => anchor.hash !== hash);
  return other === undefined
    ? null
    : `${other.place} cites another hash of it: the log was written anew`;
}
