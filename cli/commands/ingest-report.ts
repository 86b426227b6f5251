import type { IngestView } from '../responses.ts';
import { printable } from '../table.ts';

/** What became of one upload. */
export interface Outcome {
  /** As it was named on the command line. */
  readonly file: string;
  /** Landing key; null when it could not be uploaded. */
  readonly key: string | null;
  /** Null when it was not waited for. */
  readonly ingest: IngestView | null;
  readonly failure: string | null;
}

/** The line that scripts read: `FILE rows=.. accepted=.. ...`. */
export function ingestLine({ file, key, ingest }: Outcome): string {
  const name = printable(file);
  if (ingest === null) return `${name} uploaded key=${key ?? ''}`;
  const { read, accepted, duplicate, conflict, quarantined, unmetered } = ingest.counts;
  return `${name} rows=${read} accepted=${accepted} duplicate=${duplicate} conflict=${conflict} quarantined=${quarantined} unmetered=${unmetered}`;
}

export function ingestRecord({ file, key, ingest, failure }: Outcome) {
  const { read, ...counts } = ingest?.counts ?? {};
  return {
    file,
    key,
    id: ingest?.id ?? null,
    state: ingest?.state ?? (failure === null ? 'uploaded' : 'failed'),
    ...(ingest === null ? {} : { rows: read, ...counts, reasons: ingest.reasons }),
    problem: failure,
  };
}

const REASONS_TOLD = 5;

/** For a person: why a file failed, and why rows of it are set aside. */
export function remarks({ file, ingest, failure }: Outcome): string[] {
  const name = printable(file);
  if (failure !== null) return [`${name}: ${printable(failure)}`];
  const reasons = ingest?.reasons ?? [];
  if (reasons.length === 0) return [];
  return [
    `${name}: ${ingest?.counts.quarantined ?? 0} rows are set aside:`,
    ...reasons
      .slice(0, REASONS_TOLD)
      .map(({ code, count, example }) => `  ${count} x ${code}: ${printable(example)}`),
  ];
}
