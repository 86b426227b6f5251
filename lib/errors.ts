/** One fault in what somebody sent: where it is (RFC 6901 pointer), and what to do about it. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

/**
 * What the person who called can be told, and can act on. The kind fixes the HTTP status and the
 * CLI's exit code; everything else that is thrown is a fault of ours and becomes a 500.
 */
export type ProblemKind =
  | 'invalid' // 400: the request cannot be read
  | 'not_found' // 404
  | 'conflict' // 409: it does not fit the present state
  | 'stale' // 412: somebody wrote a newer version
  | 'too_large' // 413
  | 'unsupported' // 415
  | 'refused' // 422: readable, and against a rule
  | 'precondition_required' // 428
  | 'busy'; // 503: try again

/** Thrown for a fault of the caller: `message` says what was wrong and what to do. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly kind: ProblemKind;
  readonly errors: readonly FieldError[];

  constructor(kind: ProblemKind, message: string, errors: readonly FieldError[] = []) {
    super(message);
    this.kind = kind;
    this.errors = errors;
  }
}
