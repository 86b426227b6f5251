import { compareText } from '../identifiers.ts';
import { RowRefused } from './refusal.ts';

/** A key of an object, and where its value stands in the text. */
export interface Member {
  readonly key: string;
  /** First character of the value. */
  readonly start: number;
  /** One beyond its last. */
  readonly end: number;
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * The members of the object that `text` is, in the order of the text; a key given twice is there
 * twice. Numbers keep their digits this way: JSON.parse alone would round them.
 *
 * Only the structure is looked at: what comes out means something if `text` passes JSON.parse, too.
 */
export function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = endOfString(text, at);
    const key = readKey(text, at, keyEnd);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    members.push({ key, start, end });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return members;
}

/**
 * The value as JSON without blanks and with sorted keys (by UTF-8 bytes); of a key given twice the
 * last counts. Numbers stay as written.
 * @throws RowRefused `nested_too_deep`
 */
export function canonicalJson(text: string, nestingMax: number): string {
  const start = skipSpace(text, 0);
  return canonicalValue(text, { start, end: endOfValue(text, start) }, nestingMax);
}

export function canonicalValue(
  text: string,
  span: { readonly start: number; readonly end: number },
  nestingLeft: number,
): string {
  const first = text.charCodeAt(span.start);
  if (first === QUOTE) return canonicalString(text, span.start, span.end);
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return text.slice(span.start, span.end);
  if (nestingLeft <= 0) {
    throw new RowRefused(
      'nested_too_deep',
      'The row nests objects or arrays too deeply. Send samples as the publisher writes them.',
    );
  }
  return first === OPEN_OBJECT
    ? canonicalObject(text.slice(span.start, span.end), nestingLeft - 1)
    : canonicalArray(text, span.start, nestingLeft - 1);
}

function canonicalObject(text: string, nestingLeft: number): string {
  const members = sortMembers(membersOf(text));
  const parts = members.map(
    (member) => `${JSON.stringify(member.key)}:${canonicalValue(text, member, nestingLeft)}`,
  );
  return `{${parts.join(',')}}`;
}

function canonicalArray(text: string, from: number, nestingLeft: number): string {
  const parts: string[] = [];
  let start = skipSpace(text, from + 1);
  while (text.charCodeAt(start) !== CLOSE_ARRAY) {
    const end = endOfValue(text, start);
    parts.push(canonicalValue(text, { start, end }, nestingLeft));
    start = skipSpace(text, end);
    if (text.charCodeAt(start) === COMMA) start = skipSpace(text, start + 1);
  }
  return `[${parts.join(',')}]`;
}

/** Sorted by key; of a key given twice the last stays, as in JSON.parse. */
export function sortMembers(members: readonly Member[]): Member[] {
  const sorted = members.toSorted((a, b) => compareText(a.key, b.key) || a.start - b.start);
  return sorted.filter((member, index) => sorted[index + 1]?.key !== member.key);
}

/** The text that a JSON string stands for; `end` is one beyond its closing quote. */
export function readString(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes('\\') ? String(JSON.parse(text.slice(start, end))) : inner;
}

/** A key of what is no JSON may be anything. */
function readKey(text: string, start: number, end: number): string {
  try {
    return readString(text, start, end);
  } catch {
    return text.slice(start, end);
  }
}

/** Escapes are written in one way only, the shortest. */
function canonicalString(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  return raw.includes('\\') ? JSON.stringify(JSON.parse(raw)) : raw;
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return endOfNested(text, start);
  let at = start;
  while (isInScalar(text.charCodeAt(at))) at += 1;
  return at;
}

/** False at the end of the text too, where the code is NaN. */
function isInScalar(code: number): boolean {
  return code > 32 && code !== COMMA && code !== CLOSE_ARRAY && code !== CLOSE_OBJECT;
}

/** One beyond the bracket that closes the object or array; the end of the text where none does. */
export function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth += 1;
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at !== -1 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at === -1 ? text.length : at + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 32) at += 1;
  return at;
}
