import {
  draftDocument,
  type Issuing,
  issuedDocument,
  type Making,
} from '../billing/bill-document.ts';
import { billsCsv } from '../billing/bills-csv.ts';
import type { ClosedMonth, HashedBill } from '../billing/close-month.ts';
import type { NoteBody } from '../billing/corrections.ts';
import type { Note } from '../billing/note.ts';
import { canonicalJson, sha256Hex } from '../billing/sha256.ts';
import { namesIn, type ProjectNames } from '../names/project-names.ts';
import type { Month } from '../period/calendar.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { MonthCorrection } from './correct-issued.ts';
import { type ManifestInputs, manifestOf } from './manifest.ts';

type Documents = Pick<ObjectStore, 'put'>;

const PUTS_AT_ONCE = 8;
const JSON_TYPE = 'application/json';
const CSV_TYPE = 'text/csv; charset=utf-8';

/** All documents of one close lie under it. */
function prefixOf(period: Month, revision: number): string {
  return `bills/${period}/${revision}/`;
}

function manifestKey(period: Month, revision: number): string {
  return `${prefixOf(period, revision)}manifest.json`;
}

/** Ids are any text: encoded they stay within their folder, and apart from the manifest. */
export function teamKey(period: Month, revision: number, team: string): string {
  const name = team === 'manifest' ? '%6Danifest' : encodeURIComponent(team);
  return `${prefixOf(period, revision)}${name}`;
}

/** Of the note that goes out with the bills of `period`, named by the month that it corrects. */
export function noteKey(
  period: Month,
  revision: number,
  { corrects, team }: Pick<NoteBody, 'team'> & { readonly corrects: { readonly period: Month } },
): string {
  return `notes/${period}/${revision}/${corrects.period}-${encodeURIComponent(team)}`;
}

/**
 * Puts the bills and notes of a close as they are hashed (the SHA-256 of a team's JSON is that of its
 * bill), the bills' lines as CSV, and last the manifest, from which the close can be computed again.
 */
export async function putDraftDocuments(
  documents: Documents,
  closed: ClosedMonth,
  made: {
    readonly from: ManifestInputs;
    readonly revision: number;
    readonly codeVersion: string;
    readonly names: ProjectNames;
    readonly corrections: readonly MonthCorrection[];
  },
): Promise<{ readonly key: string; readonly sha256: string }> {
  const { period } = closed;
  const { revision, names } = made;
  const files = closed.bills.flatMap(({ bill }) => {
    const key = teamKey(period, revision, bill.team);
    const csv = billsCsv([
      { number: null, revision, state: 'draft', bill, projectNames: namesIn(names, bill.lines) },
    ]);
    return [
      { key: `${key}.json`, text: canonicalJson(bill), type: JSON_TYPE },
      { key: `${key}.csv`, text: csv, type: CSV_TYPE },
    ];
  });
  const notes = made.corrections.flatMap((correction) =>
    correction.notes.map(({ note }) => ({
      key: `${noteKey(period, revision, note)}.json`,
      text: canonicalJson(note),
      type: JSON_TYPE,
    })),
  );
  await putTexts(documents, [...files, ...notes]);
  const key = manifestKey(period, revision);
  const text = canonicalJson(manifestOf(closed, made));
  await putTexts(documents, [{ key, text, type: JSON_TYPE }]);
  return { key, sha256: await sha256Hex(text) };
}

/** Puts each note again, with its number, and who issued it when. */
export async function putIssuedNotes(
  documents: Documents,
  notes: readonly Note[],
  issuing: Omit<Issuing, 'number'> & { readonly period: Month; readonly revision: number },
): Promise<void> {
  const { period, revision, issuedAt, issuedBy } = issuing;
  const files = notes.map((one) => ({
    key: `${noteKey(period, revision, one.note)}.issued.json`,
    text: canonicalJson({ ...one, period, revision, issuedAt, issuedBy }),
    type: JSON_TYPE,
  }));
  await putTexts(documents, files);
}

/** Puts each bill again, whole: with its number, and who issued it when. */
export async function putIssuedDocuments(
  documents: Documents,
  bills: readonly {
    readonly hashed: HashedBill;
    readonly making: Making;
    readonly issuing: Issuing;
  }[],
): Promise<void> {
  const files = bills.map(({ hashed, making, issuing }) => ({
    key: `${teamKey(hashed.bill.period, making.revision, hashed.bill.team)}.issued.json`,
    text: canonicalJson(issuedDocument(draftDocument(hashed, making), issuing)),
    type: JSON_TYPE,
  }));
  await putTexts(documents, files);
}

interface TextFile {
  readonly key: string;
  readonly text: string;
  readonly type: string;
}

/** The same close puts the same bytes, so a retry overwrites itself. */
async function putTexts(documents: Documents, files: readonly TextFile[]): Promise<void> {
  for (let start = 0; start < files.length; start += PUTS_AT_ONCE) {
    const some = files.slice(start, start + PUTS_AT_ONCE);
    await Promise.all(
      some.map(({ key, text, type }) =>
        documents.put(key, new TextEncoder().encode(text), { contentType: type }),
      ),
    );
  }
}
