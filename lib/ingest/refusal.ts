/** Why a row or an object was not taken: a code to count by, and what a person can do about it. */
export interface Refusal {
  readonly code: string;
  /** What is wrong, where, and what to do. */
  readonly reason: string;
}

abstract class Refused extends Error implements Refusal {
  readonly code: string;

  constructor(code: string, reason: string) {
    super(reason);
    this.code = code;
  }

  get reason(): string {
    return this.message;
  }
}

/** The object as a whole cannot be read: none of its rows count. Final, so it is never tried again. */
export class ObjectRefused extends Refused {
  override readonly name = 'ObjectRefused';
}

/** The row cannot be taken; the rows around it can. */
export class RowRefused extends Refused {
  override readonly name = 'RowRefused';
}

const EXCERPT_LENGTH = 80;

/** The start of what was received, fit to be shown in a message. */
export function excerpt(text: string): string {
  const shown = text.slice(0, EXCERPT_LENGTH).toWellFormed();
  return text.length > EXCERPT_LENGTH ? `${shown}...` : shown;
}
