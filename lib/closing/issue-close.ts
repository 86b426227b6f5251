import { assert } from '../assert.ts';
import { factOf } from '../audit/audit-entry.ts';
import { billDocumentSchema } from '../billing/bill-document.ts';
import { sha256OfJson } from '../billing/sha256.ts';
import { ProblemError } from '../errors.ts';
import type { Month } from '../period/calendar.ts';
import type { BillRecord, PeriodRecord } from '../ports/documents.ts';
import { putIssuedDocuments } from './bill-documents.ts';
import { type BillsExtra, billsExtraSchema } from './bills-extra.ts';
import { requireEnded } from './check-close.ts';
import type { ClosePorts, CloseRun } from './closing-ports.ts';
import { enterCorrections, numberNotes, putNoteDocuments } from './issue-notes.ts';
import { replacePeriod } from './period-record.ts';
import { replaceAndTell, tellStep } from './told-step.ts';

export interface IssuedClose {
  readonly period: Month;
  readonly revision: number;
  readonly sha256: string;
  /** First and last number; null when nobody has a bill. */
  readonly numbers: { readonly first: string; readonly last: string } | null;
}

type Ports = Pick<ClosePorts, 'bills' | 'documents' | 'audit' | 'now'>;

/**
 * Numbers the bills of the draft and makes them immutable. The record says that they are being
 * issued before a number is claimed, so whoever takes it up after a crash ends with the same
 * numbers on the same bills. Issuing again gives what was issued.
 *
 * @throws ProblemError `conflict` when the draft is another revision by now; `refused` before the month's end
 */
export async function issueClose(
  ports: Ports,
  {
    period,
    run,
    actor,
    revision,
  }: CloseRun & { readonly period: Month; readonly revision: number },
): Promise<IssuedClose> {
  const present = await ports.bills.getPeriod(period);
  if (present?.state === 'issued') {
    await tellStep(ports.audit, present);
    return issuedOf(ports, present);
  }
  requireEnded(period, ports.now());
  const claimed = await claimIssue(ports, present, { period, run, actor, revision });
  const numbered = await numberBills(ports, claimed);
  await ports.bills.putBills(period, revision, numbered.bills, numbered.extra);
  await putDocuments(ports, claimed, numbered.bills);
  await putNoteDocuments(ports, claimed, numbered.extra.notes);
  const at = ports.now().toISOString();
  const issued: PeriodRecord = {
    ...claimed,
    state: 'issued',
    issuedBy: claimed.issuing?.actor ?? actor,
    issuedAt: claimed.issuing?.at ?? at,
    closing: null,
    issuing: null,
    failure: null,
    updatedAt: at,
  };
  const subject = `${period} ${run}`;
  const step = factOf({ at, actor, action: 'period.issued', subject }, revision);
  await replaceAndTell(ports, claimed, { next: issued, step });
  return issuedOf(ports, issued);
}

async function claimIssue(
  ports: Ports,
  present: PeriodRecord | null,
  { period, run, actor, revision }: CloseRun & { period: Month; revision: number },
): Promise<PeriodRecord> {
  const other = present?.closing && present.closing.run !== run ? present.closing.run : null;
  if (present?.state !== 'draft' || present.revision !== revision || other !== null) {
    throw new ProblemError(
      'conflict',
      `Revision ${revision} of ${period} is not the draft that can be issued${other === null ? '' : `: the run "${other}" closes it now`}. Close the month again.`,
    );
  }
  if (present.issuing) {
    assert(present.issuing.revision === revision, 'no close follows an issue that has begun');
    return present;
  }
  const extra = billsExtraSchema.parse(await ports.bills.getExtra(period, revision));
  await enterCorrections(ports, present, extra.corrections);
  const at = ports.now().toISOString();
  await replacePeriod(ports.bills, present, {
    ...present,
    issuing: { revision, actor, at },
    updatedAt: at,
  });
  const claimed = await ports.bills.getPeriod(period);
  assert(claimed !== null, 'a period that was written is there');
  return claimed;
}

/** One series a year: 2026-000001 is the first bill of a month of 2026. */
async function numberBills(
  ports: Ports,
  record: PeriodRecord,
): Promise<{ readonly bills: readonly BillRecord[]; readonly extra: BillsExtra }> {
  const { bills } = ports;
  const { period, revision } = record;
  const drafts = await bills.listBills(period, revision);
  assert(drafts !== null, `revision ${revision} of ${period} stands, so it has bills`);
  const series = period.slice(0, 4);
  const { first } = await bills.claimNumbers(series, period, drafts.bills.length);
  const numbered = drafts.bills.map((bill, index): BillRecord => {
    const number = `${series}-${(first + index).toString().padStart(6, '0')}`;
    assert(bill.number === null || bill.number === number, 'a bill keeps its number');
    return { ...bill, state: 'issued', number };
  });
  const extra = billsExtraSchema.parse(drafts.extra);
  const notes = await numberNotes(ports, record, extra.notes);
  return { bills: numbered, extra: { ...extra, notes } };
}

async function putDocuments(
  { documents }: Ports,
  { issuing, closedBy, revision }: PeriodRecord,
  bills: readonly BillRecord[],
): Promise<void> {
  assert(issuing !== null && issuing !== undefined, 'only what is being issued gets documents');
  const documentsOfBills = bills.map(
    async ({ body, sha256, number, generatedAt, projectNames, billedTo }) => {
      const bill = billDocumentSchema.shape.bill.parse(body);
      assert((await sha256OfJson(bill)) === sha256, 'what was reviewed is what is issued');
      return {
        hashed: { bill, sha256 },
        making: {
          revision,
          generatedAt,
          generatedBy: closedBy ?? '',
          ...(projectNames === undefined ? {} : { projectNames }),
          ...(billedTo === undefined ? {} : { billedTo }),
        },
        issuing: { number: number ?? '', issuedAt: issuing.at, issuedBy: issuing.actor },
      };
    },
  );
  await putIssuedDocuments(documents, await Promise.all(documentsOfBills));
}

async function issuedOf({ bills }: Ports, record: PeriodRecord): Promise<IssuedClose> {
  const { period, revision, sha256 } = record;
  const found = await bills.listBills(period, revision);
  const numbers = (found?.bills ?? []).map(({ number }) => number ?? '');
  const [first, last] = [numbers[0], numbers.at(-1)];
  return {
    period,
    revision,
    sha256: sha256 ?? '',
    numbers: first === undefined || last === undefined ? null : { first, last },
  };
}
