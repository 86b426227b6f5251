export const NAME_KINDS = ['project', 'user', 'resource'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** What people call a thing that OpenStack knows by an id. */
export interface Name {
  readonly kind: NameKind;
  readonly id: string;
  readonly name: string;
  /** Of Keystone; null when it was not said. */
  readonly domain: string | null;
}

/** A name to be kept; a name that is null is forgotten. */
export interface NameChange extends Omit<Name, 'name'> {
  readonly name: string | null;
}

/** Names as they are now: the last that was told wins. */
export interface NameStore {
  /** Idempotent; of several changes of one thing the last counts. */
  put(
    changes: readonly NameChange[],
    told: { readonly actor: string; readonly at: string },
  ): Promise<void>;
  /** By id, of those that have a name. */
  find(kind: NameKind, ids: readonly string[]): Promise<ReadonlyMap<string, Name>>;
  /** Sorted by id; up to `limit` after `after`. */
  list(
    kind: NameKind,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly Name[]>;
}
