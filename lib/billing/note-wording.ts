import { assert } from '../assert.ts';
import type { NoteBody } from './corrections.ts';
import type { ExplainedLine } from './explain-bill.ts';
import type { ExplainedNoteLine } from './explain-note.ts';
import { authorWords, calculationWords, sourceWords, whatOf } from './line-wording.ts';
import type { DocumentChange, NoteCauses } from './note-causes.ts';
import type { KnownDocument } from './price-terms.ts';

type Line = Omit<ExplainedNoteLine, 'text'>;

interface OfNote {
  readonly note: NoteBody;
  readonly number: string | null;
}

/** The line of a note in sentences: what it corrects, why, and both calculations. */
export function noteLineWording(line: Line, of: OfNote): string[] {
  return [
    headWords(line, of),
    ...billedWords(line, of),
    ...dueWords(line, of),
    ...whyWords(line),
    ...makingWords('As it was billed', line.billed.calculation),
    ...makingWords('As it should have been', line.due.calculation),
    ...sourceWords(line),
  ];
}

function headWords(line: Line, { note, number }: OfNote): string {
  const { kind, team, corrects, currency } = note;
  const called = number === null ? `the draft of a ${kind} note` : `${kind} note ${number}`;
  const bill = corrects.number === null ? 'the month' : `bill ${corrects.number}`;
  const known = line.due.calculation ?? line.billed.calculation;
  assert(known !== null, 'what differs is a line of one of the two');
  return `Line ${line.line} of ${called} to "${team}" on ${bill} of ${corrects.period}: ${line.amount} ${currency}, ${whatOf(known)}.`;
}

function billedWords({ billed, unit }: Line, { note }: OfNote): string[] {
  const { number } = note.corrects;
  const before = billed.notes.map(
    (one) => `line ${one.line} of note ${one.number} (${one.amount} ${note.currency})`,
  );
  const corrected = before.length === 0 ? '' : `, corrected before by ${before.join(' and ')}`;
  return [
    `${placeWords(billed.line, number)}${corrected}: billed ${figures({ ...billed, unit }, note)}.`,
  ];
}

function placeWords(line: number | null, bill: string | null): string {
  if (bill === null) return 'The team had no bill of the month';
  return line === null
    ? `Bill ${bill} has no such line`
    : `It corrects line ${line} of bill ${bill}`;
}

function dueWords({ due, quantity, unit }: Line, { note }: OfNote): string[] {
  return [
    `It should have been ${figures({ ...due, unit }, note)}: a difference of ${quantity}${unitWords(unit)}.`,
  ];
}

function figures(
  {
    quantity,
    amount,
    unit,
  }: { readonly quantity: string; readonly amount: string; readonly unit: string | null },
  { currency }: NoteBody,
): string {
  return `${amount} ${currency} for ${quantity}${unitWords(unit)}`;
}

function unitWords(unit: string | null): string {
  return unit === null ? '' : ` ${unit}s`;
}

const REASONS: Readonly<Record<Line['reason'], string>> = {
  'late-usage': 'usage came, or was withdrawn, after it was billed',
  teams: 'the usage belongs to other teams than it was billed to',
  prices: 'the usage is the same, and its price is not',
  adjustments: 'an adjustment changed, or follows from lines that did',
};

function whyWords({ reason, causes, unit }: Line): string[] {
  return [
    `Why (${reason}): ${REASONS[reason]}.`,
    ...usageWords(causes, unit),
    ...causes.documents.map(changeWords),
  ];
}

function usageWords({ usage, withdrawals }: NoteCauses, unit: string | null): string[] {
  if (usage === null) return [];
  const { before, after, hours, from, to } = usage;
  const units = unitWords(unit);
  return [
    `Usage of the project: ${before}${units} then, ${after} now; ${hours} ${hours === 1 ? 'hour differs' : 'hours differ'}, from ${from} to ${to}.`,
    ...withdrawals.map(
      ({ ingestId, reason, withdrawn }) =>
        `Ingest ${ingestId} was withdrawn by ${withdrawn.actor} on ${withdrawn.at}: ${reason}`,
    ),
  ];
}

const KINDS: Readonly<Record<DocumentChange['kind'], string>> = {
  card: 'Rate card',
  team: 'Team',
  adjustment: 'Adjustment',
  pool: 'Cost pool',
  rate: 'Exchange rate',
};

function changeWords({ kind, id, before, after }: DocumentChange): string {
  const name = `${KINDS[kind]} "${id}"`;
  if (before !== null && after !== null) {
    return `${name} changed: version ${before.version} then, ${versionWords(after)} now.`;
  }
  const one = before ?? after;
  assert(one !== null, 'a document that is nowhere has not changed');
  const part =
    before === null ? 'had no part in the month then' : 'has no part in the month any more';
  return `${name} (${versionWords(one)}) ${part}.`;
}

function versionWords({ version, author }: KnownDocument): string {
  return `version ${version}${authorWords(author)}`;
}

function makingWords(title: string, line: ExplainedLine | null): string[] {
  return line === null ? [`${title}: nothing.`] : [`${title}:`, ...calculationWords(line)];
}
