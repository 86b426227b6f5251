import { compareText } from '../identifiers.ts';
import type { Ingest } from '../ports/ledger.ts';

/** Oldest first. */
export function inOrderOfArrival(ingests: readonly Ingest[]): Ingest[] {
  return ingests.toSorted(
    (a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt) || compareText(a.id, b.id),
  );
}
