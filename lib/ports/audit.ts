/** What somebody did to configuration, or a step of a close. */
export interface AuditFact {
  /** RFC 3339. */
  readonly at: string;
  /** Unverified until identities come. */
  readonly actor: string;
  /** For instance `rate-card.put`, `period.issued`. */
  readonly action: string;
  /** Id of the document, or `<month> <run>`. */
  readonly subject: string;
  /** Of the document after the change, or the revision of a close; null for what has none. */
  readonly version: number | null;
  /** SHA-256 of the canonical JSON (RFC 8785) of the document before the change; null without a document. */
  readonly before: string | null;
  readonly after: string | null;
}

/** An entry of the log: the log is one chain, numbered from 1 without a gap. */
export interface AuditEntry extends AuditFact {
  readonly seq: number;
  /** `hash` of the entry before; 64 zeros for the first. */
  readonly prevHash: string;
  /** SHA-256 of the canonical JSON of the entry without `hash`. */
  readonly hash: string;
}

/** The last entry that somebody saw; `seq` 0 before the first. */
export type AuditHead = Pick<AuditEntry, 'seq' | 'hash'>;

/**
 * A fact that is kept with what it tells of, in one write, before it is told: should its writer die
 * between the two, whoever comes next tells it.
 */
export interface UntoldFact {
  readonly id: string;
  readonly fact: AuditFact;
  /** The end of the log before the write: the entry can only be behind it. */
  readonly head: AuditHead;
}

/** Append-only. */
export interface AuditLog {
  /** For a fact that goes with a write of its own. */
  prepare(fact: AuditFact): Promise<UntoldFact>;
  /** Appends the fact, unless it was told before: however often and by however many, it is one entry. */
  tell(untold: UntoldFact): Promise<AuditEntry>;
  /** For what has no document that could carry the fact: to be called before it is done. */
  append(fact: AuditFact): Promise<AuditEntry>;
  /** In order, behind `after`. */
  list(after: number): AsyncIterable<AuditEntry>;
}
