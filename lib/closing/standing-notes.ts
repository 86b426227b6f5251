import { assert } from '../assert.ts';
import { ProblemError } from '../errors.ts';
import type { Month } from '../period/calendar.ts';
import type { BillStore, PeriodRecord } from '../ports/documents.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { type BillsExtra, billsExtraSchema } from './bills-extra.ts';
import { readManifest } from './manifest.ts';

interface NotePorts {
  readonly bills: Pick<BillStore, 'getPeriod' | 'getExtra' | 'listBills'>;
  readonly documents: Pick<ObjectStore, 'get'>;
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

/**
 * The note that is asked for, and what its month was made from for it.
 *
 * @throws ProblemError `not_found`
 */
export async function standingNote(ports: NotePorts, { period, team, corrects }: NoteQuestion) {
  const record = await ports.bills.getPeriod(period);
  const notes = record === null ? [] : (await extraOf(ports, record)).notes;
  const found = notes.find(({ note }) => note.team === team && note.corrects.period === corrects);
  if (record === null || found === undefined) {
    throw new ProblemError(
      'not_found',
      `No note that corrects ${corrects} goes out to "${team}" with ${period}. "headroom bill notes --period ${period}" lists those that do.`,
    );
  }
  const correction = await correctionOf(ports, record, corrects);
  return { record, found, correction, madeAt: await madeAt(ports, record) };
}

/** RFC 3339: when the bills and notes of the month were made. */
async function madeAt(
  { bills }: Pick<NotePorts, 'bills'>,
  { period, revision, updatedAt }: PeriodRecord,
): Promise<string> {
  const [first] = (await bills.listBills(period, revision))?.bills ?? [];
  return first?.generatedAt ?? updatedAt;
}

async function extraOf(
  { bills }: Pick<NotePorts, 'bills'>,
  { period, revision, state }: PeriodRecord,
): Promise<Pick<BillsExtra, 'notes'>> {
  if (state === 'open') return { notes: [] };
  return billsExtraSchema.parse(await bills.getExtra(period, revision));
}

/** What the corrected month was made from for the notes that go out with a month. */
async function correctionOf(
  { documents }: Pick<NotePorts, 'documents'>,
  { period, manifestKey }: PeriodRecord,
  corrects: Month,
) {
  const manifest = await readManifest(documents, manifestKey ?? '');
  const correction = manifest.corrections.find((one) => one.period === corrects);
  assert(correction !== undefined, `the manifest of ${period} has what its notes are made from`);
  return correction;
}

/** The bills of the month with the notes before, and what the last of them was made from. */
export async function standingBefore(ports: NotePorts, corrects: Month, before: readonly Month[]) {
  const issued = await issuedRecord(ports, corrects);
  const earlier = await Promise.all(before.map((by) => issuedRecord(ports, by)));
  const extras = await Promise.all(earlier.map((record) => extraOf(ports, record)));
  const last = earlier.at(-1);
  return {
    revision: issued.revision,
    madeAt: await madeAt(ports, last ?? issued),
    notes: extras.flatMap(({ notes }) =>
      notes.filter(({ note }) => note.corrects.period === corrects),
    ),
    from:
      last === undefined
        ? await readManifest(ports.documents, issued.manifestKey ?? '')
        : await correctionOf(ports, last, corrects),
  };
}

async function issuedRecord({ bills }: NotePorts, period: Month): Promise<PeriodRecord> {
  const record = await bills.getPeriod(period);
  assert(record?.state === 'issued', `${period} is issued: notes count on it`);
  return record;
}
