import {
  decimal,
  decimalOf,
  divideHalfEven,
  normalize,
  powerOfTen,
  toText,
} from '../../../decimal/decimal.ts';
import type { Day } from '../../../period/calendar.ts';

/** How a cell looks; the position of each in the style sheet (workbook.ts) follows from this order. */
export const CELL_STYLES = [
  'text',
  'head',
  'number',
  'amount',
  'date',
  'total',
  'strong',
  'wrapped',
] as const;
export type CellStyle = (typeof CELL_STYLES)[number];

/** What stands in a cell. Text is never a formula, whatever it begins with. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string; readonly style?: CellStyle }
  | { readonly kind: 'number'; readonly decimal: string; readonly style?: CellStyle }
  | { readonly kind: 'date'; readonly day: Day }
  /** `value` is what it comes to: shown by what does not calculate. */
  | {
      readonly kind: 'formula';
      readonly formula: string;
      readonly value: string;
      readonly style?: CellStyle;
    }
  | null;

export function textCell(text: string, style?: CellStyle): Cell {
  if (text === '') return null;
  return style === undefined ? { kind: 'text', text } : { kind: 'text', text, style };
}

export function numberCell(text: string, style: CellStyle = 'number'): Cell {
  return { kind: 'number', decimal: text, style };
}

/** A spreadsheet keeps and shows so many significant digits of a number, and drops the others. */
const DIGITS_KEPT = 15;

/** Whether a spreadsheet keeps every digit of it. */
export function isKeptExactly(text: string): boolean {
  const digits = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  return digits.replace(/0+$/, '').length <= DIGITS_KEPT;
}

/** The nearest number that a spreadsheet keeps. */
export function keptNumber(text: string): string {
  if (isKeptExactly(text)) return text;
  const value = normalize(decimalOf(text));
  const digits = value.unscaled.toString().replace('-', '').length;
  const dropped = powerOfTen(digits - DIGITS_KEPT);
  return toText(decimal(divideHalfEven(value.unscaled, dropped) * dropped, value.scale));
}

/** `A` of 0, `AA` of 26. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

const DAY_MS = 86_400_000;
/** Day 0 of spreadsheets, two days early for the leap day of 1900 that they believe in. */
const EPOCH_MS = Date.UTC(1899, 11, 30);

function serialOf(day: Day): string {
  return String((Date.parse(day) - EPOCH_MS) / DAY_MS);
}

/** @param place such as `B7` */
export function cellXml(cell: Cell, place: string): string {
  if (cell === null) return '';
  const open = (style: CellStyle) => `<c r="${place}" s="${CELL_STYLES.indexOf(style) + 1}"`;
  switch (cell.kind) {
    case 'text':
      return `${open(cell.style ?? 'text')} t="inlineStr"><is><t xml:space="preserve">${xmlText(cell.text)}</t></is></c>`;
    case 'number':
      return `${open(cell.style ?? 'number')}><v>${keptNumber(cell.decimal)}</v></c>`;
    case 'date':
      return `${open('date')}><v>${serialOf(cell.day)}</v></c>`;
    case 'formula':
      return `${open(cell.style ?? 'total')}><f>${xmlText(cell.formula)}</f><v>${keptNumber(cell.value)}</v></c>`;
    default:
      return cell satisfies never;
  }
}

/**
 * What XML cannot hold is written as `_x0000_` (ECMA-376, ST_Xstring), half a surrogate pair too; text that looks like
 * such an escape is escaped itself. A carriage return would come back as a line feed.
 */
const ESCAPED = /_(?=x[0-9A-Fa-f]{4}_)|(?![\t\n])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu;

export function xmlText(text: string): string {
  return text
    .replaceAll(
      ESCAPED,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
