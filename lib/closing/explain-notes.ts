import { billDocumentSchema } from '../billing/bill-document.ts';
import { readInputs } from '../billing/close-input.ts';
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
import type { Ledger } from '../ports/ledger.ts';
import type { Retractions } from '../ports/retractions.ts';
import { type CitedDocument, documentAuthors, knownDocuments } from './document-authors.ts';
import { citedIn, documentChanges } from './document-changes.ts';
import type { ExplainBillPorts } from './explain-bills.ts';
import { documentsOf, type ManifestInputs } from './manifest.ts';
import { withKeptUsage } from './recompute.ts';
import { type NoteQuestion, standingBefore, standingNote } from './standing-notes.ts';

export interface ExplainNotePorts extends ExplainBillPorts {
  readonly retractions: Pick<Retractions, 'list'>;
  readonly ledger: Pick<Ledger, 'get'>;
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
  const { record, found, correction, madeAt } = await standingNote(ports, question);
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
    ...{ note, number },
    withdrawals: await withdrawalsOf(ports, note, { after: standing.madeAt, until: madeAt }),
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

/** Ingests that were withdrawn between what the note corrects and the note, by when each was made (RFC 3339). */
async function withdrawalsOf(
  { retractions, ledger }: ExplainNotePorts,
  { lines }: Note['note'],
  { after, until }: { readonly after: string; readonly until: string },
): Promise<WithdrawnIngest[]> {
  const regions = [...new Set(lines.map(({ region }) => region))].filter((region) => region !== '');
  const withdrawn: WithdrawnIngest[] = [];
  for (const region of regions) {
    for (const ingestId of await retractions.list(parseRegion(region))) {
      const { retraction, touched = [] } = (await ledger.get(ingestId)) ?? {};
      if (retraction === undefined) continue;
      const { actor, at, reason } = retraction;
      if (Date.parse(at) < Date.parse(after) || Date.parse(at) > Date.parse(until)) continue;
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
