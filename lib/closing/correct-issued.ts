import { closeMonth } from '../billing/close-month.ts';
import { correctionNotes } from '../billing/corrections.ts';
import { draftNote, type Note } from '../billing/note.ts';
import { pricingInForce } from '../billing/pricing-in-force.ts';
import { ProblemError } from '../errors.ts';
import { addMonths, type Month } from '../period/calendar.ts';
import type { PeriodRecord } from '../ports/documents.ts';
import { type BillsExtra, billsExtraSchema } from './bills-extra.ts';
import type { RatePorts } from './closing-ports.ts';
import { issuedBillsOf } from './issued-bills.ts';
import { lateDays } from './late-days.ts';
import { documentsOf, type ManifestInputs, manifestInputs, readManifest } from './manifest.ts';
import { pricingDocuments, pricingOf, withRatingInputs } from './rating-inputs.ts';

/** How far back a close looks for what is to be corrected. */
const MONTHS_BACK = 12;

/** What brings an issued month to what it would be today. */
export interface MonthCorrection {
  readonly period: Month;
  /** Months whose notes correct it already. */
  readonly before: readonly Month[];
  /** Sorted by team; never empty. */
  readonly notes: readonly Note[];
  readonly unrated: BillsExtra['unrated'];
  readonly from: ManifestInputs;
}

type Ports = Omit<RatePorts, 'names' | 'now' | 'audit'>;

/**
 * The notes that the close of `period` makes of issued months before it. A month whose inputs are as
 * its bills were made from is not computed again.
 *
 * @returns earliest month first; months without notes left out
 * @throws ProblemError `refused` when an issued month cannot be computed again, or comes to another currency
 */
export async function correctIssued(
  ports: Ports,
  period: Month,
  options: { readonly keep: boolean },
): Promise<MonthCorrection[]> {
  const corrections: MonthCorrection[] = [];
  for (let back = MONTHS_BACK; back > 0; back -= 1) {
    const record = await ports.bills.getPeriod(addMonths(period, -back));
    if (record?.state !== 'issued') continue;
    const made = await correctionOf(ports, record, { ...options, by: period });
    if (made !== null) corrections.push(made);
  }
  return corrections;
}

async function correctionOf(
  ports: Ports,
  record: PeriodRecord,
  { by, keep }: { readonly by: Month; readonly keep: boolean },
): Promise<MonthCorrection | null> {
  const { period } = record;
  const basis = await notesBefore(ports, record, by);
  if (basis.before.length === 0 && !(await hasOtherInputs(ports, record))) return null;
  return withRatingInputs(ports, period, async (inputs) => {
    const now = await named(period, () =>
      closeMonth({ period, usage: inputs.rows, ...pricingOf(inputs) }),
    );
    const issued = await issuedBillsOf(ports.bills, period);
    requireSameCurrency(period, issued.currency, now.currency);
    const bodies = correctionNotes({
      period,
      currency: now.currency,
      issued: issued.bills,
      unratedThen: basis.unrated ?? issued.unrated,
      notes: basis.notes.map(({ note }) => note),
      bills: now.bills.map(({ bill }) => bill),
      unratedNow: now.unrated,
    });
    if (bodies.length === 0) return null;
    if (keep) await inputs.keep();
    return {
      period,
      before: basis.before,
      notes: await Promise.all(bodies.map(draftNote)),
      unrated: [...now.unrated],
      from: manifestInputs(now.manifest, inputs),
    };
  });
}

/** Whether anything that the month's bills are made from is other than it was. */
async function hasOtherInputs(ports: Ports, record: PeriodRecord): Promise<boolean> {
  const { period, generations, manifestKey } = record;
  if (generations === undefined || manifestKey === null) return true;
  if ((await lateDays(ports, period, generations)).length > 0) return true;
  const then = await readManifest(ports.documents, manifestKey);
  const now = pricingOf(await pricingDocuments(ports));
  return named(
    period,
    async () =>
      pricingInForce({ period, usage: [], ...now }) !==
      pricingInForce({ period, usage: [], ...documentsOf(then) }),
  );
}

interface Basis {
  readonly before: readonly Month[];
  readonly notes: readonly Note[];
  /** What was unrated at the last correction; null when there was none. */
  readonly unrated: BillsExtra['unrated'] | null;
}

/** The issued notes that correct the month, but for those of `by` itself. */
async function notesBefore({ bills }: Ports, record: PeriodRecord, by: Month): Promise<Basis> {
  const before: Month[] = [];
  const notes: Note[] = [];
  let unrated: Basis['unrated'] = null;
  for (const entry of await issuedCorrections(bills, record, by)) {
    const extra = billsExtraSchema.parse(await bills.getExtra(entry.by, entry.revision));
    before.push(entry.by);
    notes.push(...extra.notes.filter(({ note }) => note.corrects.period === record.period));
    const own = extra.corrections.find(({ period }) => period === record.period);
    unrated = own?.unrated ?? unrated;
  }
  return { before, notes, unrated };
}

/**
 * Entries of the month's record whose notes are issued. One whose close came to no end counts for nothing.
 *
 * @throws ProblemError `conflict` while another month's notes of it are being issued
 */
export async function issuedCorrections(
  bills: Pick<RatePorts['bills'], 'getPeriod'>,
  record: PeriodRecord,
  by: Month,
): Promise<NonNullable<PeriodRecord['corrected']>> {
  const issued = [];
  for (const entry of record.corrected ?? []) {
    if (entry.by === by) continue;
    const other = await bills.getPeriod(entry.by);
    if (other?.state === 'issued') {
      if (other.revision === entry.revision) issued.push(entry);
    } else if (other?.issuing || other?.closing?.issue) {
      throw new ProblemError(
        'conflict',
        `Notes that correct ${record.period} are being issued with ${entry.by}: finish that (headroom close ${entry.by} --issue), then close this month again.`,
      );
    }
  }
  return issued;
}

function requireSameCurrency(period: Month, billed: string, now: string): void {
  if (billed === now) return;
  throw new ProblemError(
    'refused',
    `${period} was issued in ${billed} and would be in ${now} today, and a note cannot change the currency of a bill. Let the cards, cost pools and exchange rates of ${now} begin after ${period}, so that ${period} stays in ${billed}; or credit it in ${billed} by an adjustment of that month.`,
  );
}

/** A refusal says which month it is about: the one being closed is another. */
async function named<T>(period: Month, compute: () => Promise<T>): Promise<T> {
  try {
    return await compute();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError(
      error.kind,
      `The issued month ${period} cannot be computed again, to see what of it is to be corrected: ${error.message}`,
      error.errors,
    );
  }
}
