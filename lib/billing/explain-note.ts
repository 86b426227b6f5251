import { add, decimalOf, isZero, subtract, toText, ZERO } from '../decimal/decimal.ts';
import { addMoney, money, moneyOf, moneyText } from '../money/money.ts';
import type { BillLine } from './bill.ts';
import { lineName } from './compare-bills.ts';
import type { NoteBody, NoteLine } from './corrections.ts';
import type { ExplainedLine } from './explain-bill.ts';
import {
  type ChangedDocument,
  concerns,
  type DocumentChange,
  type NoteCauses,
  type WithdrawnIngest,
} from './note-causes.ts';
import { noteLineWording } from './note-wording.ts';
import { type HourlyUsage, usageDifference } from './usage-differences.ts';

/** One making of the team's bill: all its lines, and the usage that they are made from. */
export interface BillMaking {
  readonly lines: readonly ExplainedLine[];
  readonly usage: HourlyUsage;
}

export interface NoteInput {
  readonly note: NoteBody;
  /** Null for a draft. */
  readonly number: string | null;
  /** Of the bill that it corrects; none where the team had no bill. */
  readonly billLines: readonly BillLine[];
  /** Issued notes that correct the same bill, in their order. */
  readonly earlier: readonly { readonly number: string; readonly lines: readonly NoteLine[] }[];
  /** As it was billed and corrected before, and as it should have been when the note was made. */
  readonly before: BillMaking;
  readonly after: BillMaking;
  readonly documents: readonly ChangedDocument[];
  readonly withdrawals: readonly WithdrawnIngest[];
}

/** What a line of the bill came to with the notes before, as amounts and by its calculation. */
interface Billed {
  /** Counts the lines of the bill from 1; null where the bill has no such line. */
  readonly line: number | null;
  readonly quantity: string;
  readonly amount: string;
  /** Of `quantity` and `amount`, what earlier notes corrected. */
  readonly notes: readonly {
    readonly number: string;
    readonly line: number;
    readonly quantity: string;
    readonly amount: string;
  }[];
  /** Null where it was 0 and had no line. */
  readonly calculation: ExplainedLine | null;
}

/** Why a line of a note is what it is: what was billed and what should have been, each calculated, and what differs. */
export interface ExplainedNoteLine extends NoteLine {
  /** Counts the lines of the note from 1. */
  readonly line: number;
  readonly unit: string | null;
  readonly billed: Billed;
  readonly due: Pick<Billed, 'quantity' | 'amount' | 'calculation'>;
  readonly causes: NoteCauses;
  /** How the usage is listed, and an hour of it explained; null where it is of none. */
  readonly source: ExplainedLine['source'];
  readonly text: readonly string[];
}

/**
 * Explains every line of a note.
 *
 * @returns null when the two makings do not differ by what the note says
 */
export function explainNote(input: NoteInput): ExplainedNoteLine[] | null {
  const { currency } = input.note;
  const [before, after] = [input.before, input.after].map(
    ({ lines }) => new Map(lines.map((line) => [lineName(line), line])),
  );
  const explained: ExplainedNoteLine[] = [];
  for (const [index, line] of input.note.lines.entries()) {
    const name = lineName(line);
    const [then, now] = [before?.get(name) ?? null, after?.get(name) ?? null];
    const billed = { ...billedOf(input, name), calculation: then };
    const due = {
      quantity: now?.quantity ?? '0',
      amount: now?.amount ?? zeroOf(currency),
      calculation: now,
    };
    const was = { quantity: then?.quantity ?? '0', amount: then?.amount ?? zeroOf(currency) };
    if (!differsBy(was, billed, { quantity: '0', amount: '0' })) return null;
    if (!differsBy(billed, due, line)) return null;
    const makings = [then, now].filter((one) => one !== null);
    const told = {
      line: index + 1,
      ...line,
      unit: makings[0]?.unit ?? null,
      ...{ billed, due },
      causes: causesOf(input, { ...line, makings }),
      source: makings.at(-1)?.source ?? null,
    };
    explained.push({ ...told, text: noteLineWording(told, input) });
  }
  return explained;
}

function billedOf(
  { note, billLines, earlier }: NoteInput,
  name: string,
): Omit<Billed, 'calculation'> {
  const { currency } = note;
  const index = billLines.findIndex((one) => lineName(one) === name);
  const bill = billLines[index];
  const notes = earlier.flatMap(({ number, lines }) =>
    lines.flatMap((line, place) =>
      lineName(line) === name
        ? [{ number, line: place + 1, quantity: line.quantity, amount: line.amount }]
        : [],
    ),
  );
  const parts = [...(bill === undefined ? [] : [bill]), ...notes];
  const amounts = parts.map(({ amount }) => moneyOf(amount, currency));
  return {
    line: bill === undefined ? null : index + 1,
    quantity: toText(parts.map(({ quantity }) => decimalOf(quantity)).reduce(add, ZERO)),
    amount: moneyText(amounts.reduce(addMoney, money(0n, currency))),
    notes,
  };
}

function zeroOf(currency: NoteBody['currency']): string {
  return moneyText(money(0n, currency));
}

type Figures = Pick<BillLine, 'quantity' | 'amount'>;

function differsBy(from: Figures, to: Figures, by: Figures): boolean {
  return (['quantity', 'amount'] as const).every((figure) =>
    isZero(
      subtract(subtract(decimalOf(to[figure]), decimalOf(from[figure])), decimalOf(by[figure])),
    ),
  );
}

function causesOf(
  { note, before, after, documents, withdrawals }: NoteInput,
  line: NoteLine & { readonly makings: readonly ExplainedLine[] },
): NoteCauses {
  // A pool's line is of all classes.
  const isOfPool = line.makings.some(({ kind }) => kind === 'pool');
  const key = { ...line, class: isOfPool ? null : line.class };
  const usage =
    line.project === ''
      ? null
      : usageDifference(note.corrects.period, key, { before: before.usage, after: after.usage });
  return {
    usage,
    withdrawals:
      usage === null
        ? []
        : withdrawals.filter((one) => one.region === line.region && isIn(one, usage)),
    documents: documents
      .filter((change) => concerns(change, line))
      .map(
        ({ kind, id, before: was, after: is }): DocumentChange => ({
          ...{ kind, id },
          before: was,
          after: is,
        }),
      ),
  };
}

/** Whether one of its days has hours of the span. */
function isIn({ days }: WithdrawnIngest, { from, to }: { from: string; to: string }): boolean {
  return days.some((day) => day >= from.slice(0, 10) && `${day}T00:00:00Z` < to);
}
