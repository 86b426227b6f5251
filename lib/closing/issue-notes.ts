import { assert } from '../assert.ts';
import type { Note } from '../billing/note.ts';
import { sha256OfJson } from '../billing/sha256.ts';
import { ProblemError } from '../errors.ts';
import type { PeriodRecord } from '../ports/documents.ts';
import { putIssuedNotes } from './bill-documents.ts';
import type { BillsExtra } from './bills-extra.ts';
import type { ClosePorts } from './closing-ports.ts';
import { issuedCorrections } from './correct-issued.ts';
import { replacePeriod } from './period-record.ts';

type Ports = Pick<ClosePorts, 'bills' | 'documents'>;

/**
 * Enters in each month that the notes correct that they do, one conditional write a month: of two
 * closes that corrected the same month, the one that comes second must correct it again.
 *
 * @throws ProblemError `conflict` when other notes came between the draft and its issue
 */
export async function enterCorrections(
  { bills }: Ports,
  { period, revision }: Pick<PeriodRecord, 'period' | 'revision'>,
  corrections: BillsExtra['corrections'],
): Promise<void> {
  for (const { period: corrected, before } of corrections) {
    const record = await bills.getPeriod(corrected);
    assert(record?.state === 'issued', `${corrected} is corrected, so it is issued`);
    const issued = await issuedCorrections(bills, record, period);
    if (issued.map(({ by }) => by).join() !== before.join()) {
      throw new ProblemError(
        'conflict',
        `${corrected} was corrected by notes of another month since revision ${revision} of ${period} was made. Close ${period} again.`,
      );
    }
    const entry = { by: period, revision };
    const known = record.corrected?.some((one) => one.by === period && one.revision === revision);
    if (known) continue;
    await replacePeriod(bills, record, { ...record, corrected: [...issued, entry] });
  }
}

/** Gives the notes their numbers, a series a year: N2026-000001. The same notes get the same ones again. */
export async function numberNotes(
  { bills }: Ports,
  { period }: PeriodRecord,
  notes: readonly Note[],
): Promise<Note[]> {
  if (notes.length === 0) return [];
  const series = `N${period.slice(0, 4)}`;
  const { first } = await bills.claimNumbers(series, period, notes.length);
  return notes.map((note, index) => {
    const number = `${series}-${(first + index).toString().padStart(6, '0')}`;
    assert(note.number === null || note.number === number, 'a note keeps its number');
    return { ...note, number };
  });
}

export async function putNoteDocuments(
  { documents }: Ports,
  { period, revision, issuing }: PeriodRecord,
  notes: readonly Note[],
): Promise<void> {
  assert(issuing !== null && issuing !== undefined, 'only what is being issued gets documents');
  for (const { note, sha256 } of notes) {
    assert((await sha256OfJson(note)) === sha256, 'what was reviewed is what is issued');
  }
  const by = { issuedAt: issuing.at, issuedBy: issuing.actor };
  await putIssuedNotes(documents, notes, { period, revision, ...by });
}
