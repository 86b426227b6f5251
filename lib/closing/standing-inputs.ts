import type { CloseInput } from '../billing/close-input.ts';
import type { Month } from '../period/calendar.ts';
import type { PeriodRecord } from '../ports/documents.ts';
import type { MonthUsage, MonthUsageReader } from '../ports/month-usage.ts';
import { type CitedDocument, namedByLines } from './document-authors.ts';
import type { DryRunPorts } from './dry-run.ts';
import { documentsOf, readManifest } from './manifest.ts';
import { pricingOf, withRatingInputs } from './rating-inputs.ts';
import { type RecomputePorts, withKeptUsage } from './recompute.ts';

export type StandingPorts = Pick<
  DryRunPorts,
  | 'bills'
  | 'regions'
  | 'configuration'
  | 'lake'
  | 'documents'
  | 'usage'
  | 'scratch'
  | 'sha256OfFile'
> &
  RecomputePorts;

/** What the bills of a month that stand are made of. */
export interface StandingInputs extends Omit<CloseInput, 'period'> {
  readonly usage: MonthUsage['rows'];
  /** Null while the month has no record. */
  readonly record: PeriodRecord | null;
  /** The documents that lines of the bills name. */
  readonly cited: readonly CitedDocument[];
}

/**
 * Takes what the bills of a month that stand are made of, for as long as `use` runs: of a closed month what its
 * close kept, of an open one what there is now.
 *
 * @param byResource measures whose usage shall name its resources, beside those that the cards need
 * @throws ProblemError `refused` when what a close kept is not there any more
 */
export async function withStandingInputs<T>(
  ports: StandingPorts,
  {
    period,
    byResource = new Set(),
  }: { readonly period: Month; readonly byResource?: ReadonlySet<string> },
  use: (inputs: StandingInputs) => Promise<T>,
): Promise<T> {
  const record = await ports.bills.getPeriod(period);
  const reading = { ...ports, usage: naming(ports.usage, byResource) };
  if (record === null || record.state === 'open' || record.manifestKey === null) {
    return withRatingInputs(reading, period, (inputs) =>
      use({ usage: inputs.rows, record, ...pricingOf(inputs), cited: namedByLines(inputs) }),
    );
  }
  const manifest = await readManifest(ports.documents, record.manifestKey);
  return withKeptUsage(reading, manifest, ({ rows }) =>
    use({
      usage: rows,
      record,
      ...documentsOf(manifest),
      cited: namedByLines(manifest.documents),
    }),
  );
}

/** A reader that keeps the resources of more measures. */
function naming(usage: MonthUsageReader, measures: ReadonlySet<string>): MonthUsageReader {
  return {
    read: ({ byResource, ...request }, use) =>
      usage.read({ ...request, byResource: new Set([...byResource, ...measures]) }, use),
  };
}
