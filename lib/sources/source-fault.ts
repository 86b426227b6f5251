export interface FaultDetails {
  /** HTTP status of the answer; null when there was none. */
  readonly status?: number | null;
  /** How long the other side asked to wait; null when it did not say. */
  readonly retryAfterSeconds?: number | null;
}

/**
 * Why a pull could not go on, in words that an operator can act on. `passing`: it may do the next
 * time (429, 5xx, a cut connection). `final`: not before something is changed. `late`: there was no
 * time left.
 */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
  readonly kind: 'passing' | 'final' | 'late';
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;

  constructor(kind: SourceFault['kind'], message: string, details: FaultDetails = {}) {
    super(message);
    this.kind = kind;
    this.status = details.status ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }
}
