import { assert } from '../assert.ts';
import { ProblemError } from '../errors.ts';
import type { Month } from '../period/calendar.ts';
import type { BillStore, PeriodRecord } from '../ports/documents.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Partitions } from '../ports/partitions.ts';
import type { Regions } from '../ports/regions.ts';
import { noteKey, teamKey } from './bill-documents.ts';
import { billsExtraSchema } from './bills-extra.ts';
import { lateDays } from './late-days.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { numberGaps } from './number-gaps.ts';
import { type RecomputePorts, recomputeMonth } from './recompute.ts';
import { recomputeNotes } from './recompute-notes.ts';
import { storedFaults } from './stored-documents.ts';

export interface VerifyPorts extends RecomputePorts {
  readonly bills: BillStore;
  readonly documents: Pick<ObjectStore, 'get' | 'download'>;
  readonly regions: Pick<Regions, 'list'>;
  readonly partitions: Pick<Partitions, 'list'>;
  readonly codeVersion: string;
}

/** A bill or a note that was computed again. */
export interface VerifiedDocument {
  readonly team: string;
  readonly number: string | null;
  readonly total: string;
  /** The month that a note corrects; null for a bill. */
  readonly corrects: Month | null;
  readonly sha256: string;
  /** Null when nothing of the kind comes out today. */
  readonly recomputed: string | null;
}

export interface Verification {
  readonly period: Month;
  readonly revision: number;
  readonly state: 'draft' | 'issued';
  readonly team: string | null;
  readonly equal: boolean;
  readonly codeVersion: { readonly closed: string; readonly verified: string };
  readonly documents: readonly VerifiedDocument[];
  /** What is wrong, in words; none when equal. */
  readonly problems: readonly string[];
  /** What changed since and has no part in this. */
  readonly remarks: readonly string[];
}

/**
 * Computes a closed month again from its manifest alone and compares hashes; holds stored documents
 * against theirs, and looks for gaps in the numbers.
 *
 * @throws ProblemError `not_found`, `refused`
 */
export async function verifyClose(
  ports: VerifyPorts,
  { period, team }: { readonly period: Month; readonly team: string | null },
): Promise<Verification> {
  const record = await closedRecord(ports, period);
  const manifest = await readManifest(ports.documents, record.manifestKey ?? '');
  const documents = (await recompute(ports, record, manifest)).filter(
    (one) => team === null || one.team === team,
  );
  if (team !== null && documents.length === 0) {
    throw new ProblemError('not_found', `Team "${team}" has no bill and no note of ${period}.`);
  }
  const changed = documents.filter(({ sha256, recomputed }) => sha256 !== recomputed);
  const problems = [
    ...changed.map(differenceText),
    ...(await storedFaults(ports, record, documents.map(keyed(record)))),
    ...(record.state === 'issued' ? await numberGaps(ports.bills, period) : []),
  ];
  return {
    period,
    revision: record.revision,
    state: record.state === 'issued' ? 'issued' : 'draft',
    team,
    equal: problems.length === 0,
    codeVersion: { closed: manifest.codeVersion, verified: ports.codeVersion },
    documents,
    problems,
    remarks: await remarksOf(ports, record),
  };
}

async function closedRecord({ bills }: VerifyPorts, period: Month): Promise<PeriodRecord> {
  const record = await bills.getPeriod(period);
  if (record !== null && record.state !== 'open' && record.manifestKey !== null) return record;
  throw new ProblemError(
    'refused',
    `${period} was not closed, so there is nothing to verify. "headroom close ${period}" makes its bills.`,
  );
}

async function recompute(
  ports: VerifyPorts,
  record: PeriodRecord,
  manifest: Manifest,
): Promise<VerifiedDocument[]> {
  const { period, revision } = record;
  const again = await recomputeMonth(ports, period, manifest);
  const found = await ports.bills.listBills(period, revision);
  assert(found !== null, `revision ${revision} of ${period} was closed, so it has bills`);
  const extra = billsExtraSchema.parse(found.extra);
  const bills = pairs(
    found.bills.map((bill) => ({ ...bill, corrects: null })),
    again.bills.map(({ bill, sha256 }) => ({ ...bill, sha256, corrects: null })),
  );
  const notes: VerifiedDocument[] = [];
  for (const correction of manifest.corrections) {
    const own = extra.notes
      .filter(({ note }) => note.corrects.period === correction.period)
      .map(({ number, sha256, note }) => ({ number, sha256, ...headOf(note, correction.period) }));
    notes.push(...pairs(own, await recomputeNotes(ports, correction)));
  }
  return [...bills, ...notes];
}

function headOf(
  { team, total }: { readonly team: string; readonly total: string },
  corrects: Month,
) {
  return { team, total, corrects };
}

type Kept = Omit<VerifiedDocument, 'recomputed'>;
type Again = Omit<Kept, 'number'>;

/** What stands beside what comes out; what comes out alone has no number and no hash of its own. */
function pairs(kept: readonly Kept[], again: readonly Again[]): VerifiedDocument[] {
  const known = new Set(kept.map(({ team }) => team));
  return [
    ...kept.map(({ team, number, total, corrects, sha256 }) => {
      const recomputed = again.find((one) => one.team === team)?.sha256 ?? null;
      return { team, number, total, corrects, sha256, recomputed };
    }),
    ...again
      .filter(({ team }) => !known.has(team))
      .map(({ team, total, corrects, sha256 }) => ({
        ...{ team, number: null, total, corrects, sha256: '' },
        recomputed: sha256,
      })),
  ];
}

function differenceText({ team, corrects, number, sha256, recomputed }: VerifiedDocument): string {
  const what = corrects === null ? 'bill' : `note on ${corrects}`;
  const called = `the ${what} of "${team}"${number === null ? '' : ` (${number})`}`;
  if (recomputed === null) return `${called} does not come out again: nothing does`;
  if (sha256 === '') return `${called} comes out, and was not made then`;
  return `${called} comes out with the hash ${recomputed}, and has ${sha256}`;
}

function keyed({ period, revision }: PeriodRecord) {
  return (one: VerifiedDocument) => ({
    ...one,
    key:
      one.corrects === null
        ? teamKey(period, revision, one.team)
        : noteKey(period, revision, { team: one.team, corrects: { period: one.corrects } }),
  });
}

async function remarksOf(ports: VerifyPorts, record: PeriodRecord): Promise<string[]> {
  const { period, generations, corrected = [] } = record;
  const late = generations === undefined ? [] : await lateDays(ports, period, generations);
  const told = late.slice(0, 5).map(({ region, date }) => `${region} ${date}`);
  return [
    ...(late.length === 0
      ? []
      : [
          `usage of ${late.length} days was metered again since (${told.join(', ')}${late.length > told.length ? ', ...' : ''}): these bills are verified with the usage that they were made from, which is kept; the next close credits or debits the difference`,
        ]),
    ...corrected.map(({ by }) => `notes issued with ${by} correct bills of ${period}`),
  ];
}
