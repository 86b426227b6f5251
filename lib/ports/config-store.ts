/** Kinds of configuration; each is a versioned document with an audit entry for every write. */
export type ConfigKind =
  | 'rate-card'
  | 'team'
  | 'region-settings'
  | 'meter'
  | 'source'
  | 'adjustment'
  | 'cost-pool'
  | 'exchange-rate'
  | 'billing-settings'
  | 'event'
  | 'shift'
  | 'calendar'
  | 'scenario';

/** A document of configuration, in its present version. */
export interface ConfigDocument {
  readonly kind: ConfigKind;
  readonly id: string;
  /** Counts from 1. The ETag is `"<version>"`. */
  readonly version: number;
  /** The body as the API took it, after validation. */
  readonly body: unknown;
  readonly actor: string;
  /** RFC 3339. */
  readonly updatedAt: string;
}

/** Documents of configuration, each with its version; every write has its entry in the audit log. */
export interface ConfigStore {
  get(kind: ConfigKind, id: string): Promise<ConfigDocument | null>;
  /** Sorted by id. */
  list(kind: ConfigKind): Promise<readonly ConfigDocument[]>;
  /**
   * Writes the next version, and the entry of the audit log that tells of it: `expectedVersion` 0 means
   * that it must not exist yet.
   * @throws ProblemError `stale` when the present version is another
   */
  put(
    document: Omit<ConfigDocument, 'version'> & { readonly expectedVersion: number },
  ): Promise<ConfigDocument>;
  delete(
    kind: ConfigKind,
    id: string,
    options: { readonly expectedVersion: number; readonly actor: string; readonly at: string },
  ): Promise<void>;
}
