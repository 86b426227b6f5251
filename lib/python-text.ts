import { compareText } from './identifiers.ts';

/** A JSON number as it was written: `8.0` and `8` are two texts to Python, and one number to JavaScript. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** `JSON.parse` that keeps every number as its text. @throws SyntaxError */
export function parseWithNumberTexts(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value,
  );
}

type PythonDict = Readonly<Record<string, unknown>>;

/** An object of what `parseWithNumberTexts` read. */
export function isPythonDict(value: unknown): value is PythonDict {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof NumberText)
  );
}

/** The members of a dict, in the order in which it tells them. */
type EntriesOf = (dict: PythonDict) => readonly (readonly [string, unknown])[];

/** What Python's `str()` makes of the value after `json.loads`. */
export function pythonText(value: unknown, entriesOf: EntriesOf = Object.entries): string {
  return typeof value === 'string' ? value : pythonRepr(value, entriesOf);
}

function pythonRepr(value: unknown, entriesOf: EntriesOf): string {
  if (typeof value === 'string') return reprOfText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof NumberText) return reprOfNumber(value.text);
  if (Array.isArray(value)) return `[${value.map((one) => pythonRepr(one, entriesOf)).join(', ')}]`;
  if (!isPythonDict(value)) return 'None';
  const members = entriesOf(value).map(
    ([key, inner]) => `${reprOfText(key)}: ${pythonRepr(inner, entriesOf)}`,
  );
  return `{${members.join(', ')}}`;
}

/** For `pythonText` of dicts whose members are told sorted. */
export function sortedEntries(dict: PythonDict): [string, unknown][] {
  return Object.entries(dict).toSorted(([a], [b]) => compareText(a, b));
}

function reprOfNumber(text: string): string {
  return /[.eE]/.test(text) ? reprOfFloat(Number(text)) : String(BigInt(text));
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
