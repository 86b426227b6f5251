import { assert } from '../assert.ts';
import { billDocumentSchema } from '../billing/bill-document.ts';
import { readInputs } from '../billing/close-month.ts';
import { explainBill } from '../billing/explain-bill.ts';
import { type BillMaking, type ExplainedNoteLine, explainNote } from '../billing/explain-note.ts';
import type { Note } from '../billing/note.ts';
import type { WithdrawnIngest } from '../billing/note-causes.ts';
import { priceMonth } from '../billing/price-month.ts';
import type { DocumentAuthor } from '../billing/price-terms.ts';
import { hourlyUsage } from '../billing/usage-differences.ts';
import { ProblemError } from '../errors.ts';
import { parseRegion } from '../identifiers.ts';
import { storedMeters } from '../metering/stored-meters.ts';
import type { Month } from '../period/calendar.ts';
import type { PeriodRecord } from '../ports/documents.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Retractions } from '../ports/retractions.ts';
import { type BillsExtra, billsExtraSchema } from './bills-extra.ts';
import { type CitedDocument, documentAuthors, knownDocuments } from './document-authors.ts';
import { citedIn, documentChanges } from './document-changes.ts';
import type { ExplainBillPorts } from './explain-bills.ts';
import { documentsOf, type ManifestInputs, readManifest } from './manifest.ts';
import { withKeptUsage } from './recompute.ts';

export interface ExplainNotePorts extends ExplainBillPorts {
  readonly retractions: Pick<Retractions, 'list'>;
  readonly ledger: Pick<Ledger, 'get'>;
}

export interface NoteQuestion {
  /** The month whose bills the note goes out with. */
  readonly period: Month;
  readonly team: string;
  /** The month that it corrects. */
  readonly corrects: Month;
  /** From 1; null asks for all. */
  readonly line: number | null;
}

export interface NoteExplanation {
  readonly period: Month;
  readonly team: string;
  readonly currency: string;
  readonly kind: 'credit' | 'debit';
  readonly state: 'draft' | 'issued';
  readonly number: string | null;
  readonly sha256: string;
  readonly corrects: Note['note']['corrects'];
  readonly total: string;
  readonly lineCount: number;
  readonly lines: readonly ExplainedNoteLine[];
}

/**
 * Explains a note that stands, by making the bill that it corrects twice: as it was billed and corrected before, and
 * as it was when the note was made; each from what a close kept.
 *
 * @throws ProblemError `not_found` without such a note or line; `refused` when the note does not come out again
 */
export async function explainNotes(
  ports: ExplainNotePorts,
  question: NoteQuestion,
): Promise<NoteExplanation> {
  const { period, team, corrects, line } = question;
  const { record, found, correction } = await standingNote(ports, question);
  const { note, number, sha256 } = found;
  const standing = await standingBefore(ports, corrects, correction.before);
  const { units } = await storedMeters(ports.configuration);
  const cited = [...citedIn(standing.from.documents), ...citedIn(correction.documents)];
  const authors = await documentAuthors(ports, cited);
  const make = (from: ManifestInputs) =>
    makeBill(ports, note, { from, authors, unitOf: (measure) => units.get(measure) ?? null });
  const earlier = standing.notes.filter((one) => one.note.team === team);
  const bill = await ports.bills.getBill(corrects, standing.revision, team);
  const explained = explainNote({
    ...{ note, number, withdrawals: await withdrawalsOf(ports, note, bill?.generatedAt ?? '') },
    billLines: bill === null ? [] : billDocumentSchema.shape.bill.parse(bill.body).lines,
    earlier: earlier.map((one) => ({ number: one.number ?? '', lines: one.note.lines })),
    before: await make(standing.from),
    after: await make(correction),
    documents: documentChanges(standing.from.documents, correction.documents, authors),
  });
  if (explained === null) throw notAgain(question);
  return {
    ...{ period, team, currency: note.currency, kind: note.kind },
    ...{ state: record.state === 'issued' ? 'issued' : 'draft', number, sha256 },
    ...{ corrects: note.corrects, total: note.total, lineCount: explained.length },
    lines: line === null ? explained : [lineOf(explained, { ...question, line })],
  };
}

async function standingNote(ports: ExplainNotePorts, { period, team, corrects }: NoteQuestion) {
  const record = await ports.bills.getPeriod(period);
  const notes = record === null ? [] : (await extraOf(ports, record)).notes;
  const found = notes.find(({ note }) => note.team === team && note.corrects.period === corrects);
  if (record === null || found === undefined) {
    throw new ProblemError(
      'not_found',
      `No note that corrects ${corrects} goes out to "${team}" with ${period}. "headroom bill notes --period ${period}" lists those that do.`,
    );
  }
  return { record, found, correction: await correctionOf(ports, record, corrects) };
}

async function extraOf(
  { bills }: Pick<ExplainNotePorts, 'bills'>,
  { period, revision, state }: PeriodRecord,
): Promise<Pick<BillsExtra, 'notes'>> {
  if (state === 'open') return { notes: [] };
  return billsExtraSchema.parse(await bills.getExtra(period, revision));
}

/** What the corrected month was made from for the notes that go out with a month. */
async function correctionOf(
  { documents }: Pick<ExplainNotePorts, 'documents'>,
  { period, manifestKey }: PeriodRecord,
  corrects: Month,
) {
  const manifest = await readManifest(documents, manifestKey ?? '');
  const correction = manifest.corrections.find((one) => one.period === corrects);
  assert(correction !== undefined, `the manifest of ${period} has what its notes are made from`);
  return correction;
}

/** The bills of the month with the notes before, and what the last of them was made from. */
async function standingBefore(ports: ExplainNotePorts, corrects: Month, before: readonly Month[]) {
  const issued = await issuedRecord(ports, corrects);
  const earlier = await Promise.all(before.map((by) => issuedRecord(ports, by)));
  const extras = await Promise.all(earlier.map((record) => extraOf(ports, record)));
  const last = earlier.at(-1);
  return {
    revision: issued.revision,
    notes: extras.flatMap(({ notes }) =>
      notes.filter(({ note }) => note.corrects.period === corrects),
    ),
    from:
      last === undefined
        ? await readManifest(ports.documents, issued.manifestKey ?? '')
        : await correctionOf(ports, last, corrects),
  };
}

async function issuedRecord({ bills }: ExplainNotePorts, period: Month): Promise<PeriodRecord> {
  const record = await bills.getPeriod(period);
  assert(record?.state === 'issued', `${period} is issued: notes count on it`);
  return record;
}

async function makeBill(
  ports: ExplainNotePorts,
  { team, corrects: { period }, lines }: Note['note'],
  {
    from,
    authors,
    unitOf,
  }: {
    readonly from: ManifestInputs;
    readonly authors: ReadonlyMap<string, DocumentAuthor>;
    readonly unitOf: (measure: string) => string | null;
  },
): Promise<BillMaking> {
  return withKeptUsage(ports, from, async ({ rows }) => {
    const inputs = readInputs({ period, usage: rows, ...documentsOf(from) });
    const priced = await priceMonth({ ...inputs, traced: true });
    const cited: readonly CitedDocument[] = citedIn(from.documents);
    return {
      lines: explainBill(priced, team, { documents: knownDocuments(cited, authors), unitOf }),
      usage: hourlyUsage(
        priced.usage,
        lines.filter(({ project }) => project !== ''),
      ),
    };
  });
}

/** Ingests that were withdrawn since the bill was made. */
async function withdrawalsOf(
  { retractions, ledger }: ExplainNotePorts,
  { lines }: Note['note'],
  since: string,
): Promise<WithdrawnIngest[]> {
  const regions = [...new Set(lines.map(({ region }) => region))].filter((region) => region !== '');
  const withdrawn: WithdrawnIngest[] = [];
  for (const region of regions) {
    for (const ingestId of await retractions.list(parseRegion(region))) {
      const { retraction, touched = [] } = (await ledger.get(ingestId)) ?? {};
      if (retraction === undefined || retraction.at < since) continue;
      const { actor, at, reason } = retraction;
      const days = touched.map(({ date }) => date);
      withdrawn.push({ ingestId, region, days, reason, withdrawn: { actor, at } });
    }
  }
  return withdrawn;
}

function lineOf(
  lines: readonly ExplainedNoteLine[],
  { team, corrects, line }: NoteQuestion & { readonly line: number },
): ExplainedNoteLine {
  const found = lines[line - 1];
  if (found !== undefined) return found;
  throw new ProblemError(
    'not_found',
    `The note of "${team}" on ${corrects} has no line ${line}: its lines are 1 to ${lines.length}.`,
  );
}

function notAgain({ period, team, corrects }: NoteQuestion): ProblemError {
  return new ProblemError(
    'refused',
    `The note of "${team}" on ${corrects} does not come out again from what the close of ${period} kept, so it cannot be explained: "headroom bill verify ${period} --team ${team}" tells what differs.`,
  );
}
