/** What the rows of an object are. */
export interface Format {
  readonly kind: 'samples' | 'imported-demand' | 'capacity';
  /** As the ledger names it. */
  readonly name: string;
}

/** A row that the format is to be told from. */
export interface Specimen {
  readonly text: string;
  /** Undefined where the text is not JSON. */
  readonly value: unknown;
}

/** Null when it is not of the format. @throws ObjectRefused when it is, and the format is not taken */
export type Recogniser = (specimen: Specimen) => Format | null;
