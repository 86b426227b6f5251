import type { IngestView } from '../responses/ingests.ts';
import { printable } from '../table.ts';

/** What became of one upload. */
export interface Outcome {
  /** As it was named on the command line. */
  readonly file: string;
  /** Landing keys of its parts, as far as they could be uploaded; a file that is not large has one. */
  readonly keys: readonly string[];
  /** Null when it was not waited for. */
  readonly ingest: IngestView | null;
  readonly failure: string | null;
}

/** The line that scripts read: `FILE rows=.. accepted=.. ...`. */
export function ingestLine({ file, keys, ingest }: Outcome): string {
  const name = printable(file);
  if (ingest === null) {
    return `${name} uploaded key=${keys[0] ?? ''}${keys.length > 1 ? ` parts=${keys.length}` : ''}`;
  }
  const { read, accepted, duplicate, conflict, quarantined, unmetered } = ingest.counts;
  return `${name} rows=${read} accepted=${accepted} duplicate=${duplicate} conflict=${conflict} quarantined=${quarantined} unmetered=${unmetered}`;
}

export function ingestRecord({ file, keys, ingest, failure }: Outcome) {
  const { read, ...counts } = ingest?.counts ?? {};
  return {
    file,
    key: keys[0] ?? null,
    ...(keys.length > 1 ? { parts: keys } : {}),
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

/** What became of all parts of a file, as of one: sums, and examples that name their part. */
export function sumOfParts(parts: readonly IngestView[]): IngestView {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first as IngestView;
  const counts = { ...first.counts };
  for (const { counts: own } of parts.slice(1)) {
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += own[name];
  }
  const reasons = new Map<string, IngestView['reasons'][number]>();
  for (const [index, part] of parts.entries()) {
    for (const { code, count, example } of part.reasons) {
      const known = reasons.get(code) ?? {
        code,
        count: 0,
        example: `part ${index + 1}: ${example}`,
      };
      reasons.set(code, { ...known, count: known.count + count });
    }
  }
  const refused = parts.findIndex(({ state }) => state === 'refused');
  return {
    ...first,
    state: refused === -1 ? 'metered' : 'refused',
    counts,
    reasons: [...reasons.values()].toSorted((a, b) => b.count - a.count),
    problem:
      refused === -1
        ? null
        : `part ${refused + 1} of ${parts.length}: ${parts[refused]?.problem ?? ''}`,
  };
}
