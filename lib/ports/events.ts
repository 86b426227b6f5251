/** Something that others may want to know of. */
export interface DomainEvent {
  /** The same event has the same id, however often it comes. */
  readonly id: string;
  /** In words, `Budget Threshold Reached`. */
  readonly type: string;
  /** RFC 3339. */
  readonly at: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where events go. */
export interface Events {
  /** At least once. @throws ProblemError `busy` when it was not taken */
  raise(event: DomainEvent): Promise<void>;
}
