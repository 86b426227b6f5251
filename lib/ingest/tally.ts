import { compareText } from '../identifiers.ts';
import type { Ingest } from '../ports/ledger.ts';
import type { KeptAs } from './raw-row.ts';
import type { Refusal } from './refusal.ts';

/** Counts refused rows by reason, and keeps the first of each as the example. */
export class Tally {
  readonly #byCode = new Map<string, { count: number; readonly example: string }>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(line: number, refusal: Refusal): void {
    this.#total += 1;
    const known = this.#byCode.get(refusal.code);
    if (known) known.count += 1;
    else {
      const example = `Line ${line}: ${refusal.reason}`;
      this.#byCode.set(refusal.code, { count: 1, example });
    }
  }

  /** The commonest first. */
  reasons(): Ingest['reasons'] {
    return [...this.#byCode]
      .map(([code, { count, example }]) => ({ code, count, example }))
      .toSorted((a, b) => b.count - a.count || compareText(a.code, b.code));
  }
}

/** A row of the quarantine file: enough to mend it and send it again. */
export function quarantineLine(
  line: number,
  { code, reason }: Refusal,
  { row, keptAs }: { readonly row: string; readonly keptAs: KeptAs },
): string {
  const how = keptAs === 'text' ? {} : { keptAs };
  return `${JSON.stringify({ line, code, reason, row: row.toWellFormed(), ...how })}\n`;
}
