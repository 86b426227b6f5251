import { compareText } from '../../identifiers.ts';
import type { JsonObject } from './json-object.ts';

/** A JSON number as it was written: Python tells 1 from 1.0, and JavaScript does not. */
class WrittenNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/**
 * JSON whose numbers are kept as they were written, for `pythonStr`.
 * @throws SyntaxError
 */
export function parseForPython(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? new WrittenNumber(context?.source ?? String(value)) : value,
  );
}

export function isPythonDict(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof WrittenNumber)
  );
}

/** What Python's `str()` makes of the value after `json.loads`; members of dicts in sorted order. */
export function pythonStr(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

function pythonRepr(value: unknown): string {
  if (typeof value === 'string') return reprOfText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof WrittenNumber) return reprOfNumber(value.source);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (!isPythonDict(value)) return 'None';
  const members = sortedEntries(value).map(
    ([key, inner]) => `${reprOfText(key)}: ${pythonRepr(inner)}`,
  );
  return `{${members.join(', ')}}`;
}

export function sortedEntries(dict: JsonObject): [string, unknown][] {
  return Object.entries(dict).toSorted(([a], [b]) => compareText(a, b));
}

function reprOfNumber(source: string): string {
  return /[.eE]/.test(source) ? reprOfFloat(Number(source)) : String(BigInt(source));
}

/** Digits after which Python writes an exponent, and zeros before them. */
const POSITIONAL_MAX = 16;
const POSITIONAL_MIN = -4;

/** Both languages write the shortest digits that give the same double; Python lays them out in its own way. */
function reprOfFloat(number: number): string {
  if (!Number.isFinite(number)) return number < 0 ? '-inf' : 'inf';
  const sign = number < 0 || Object.is(number, -0) ? '-' : '';
  const [mantissa = '', power = ''] = Math.abs(number).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  if (exponent < POSITIONAL_MIN || exponent >= POSITIONAL_MAX) {
    const rest = digits.slice(1);
    const magnitude = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${rest === '' ? '' : `.${rest}`}e${exponent < 0 ? '-' : '+'}${magnitude}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
/** What `str.isprintable` denies, and the backslash. */
const ESCAPED = /[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** In single quotes, unless the text has such and no double ones. */
function reprOfText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(ESCAPED, (character) => ESCAPES[character] ?? escapeOf(character));
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
