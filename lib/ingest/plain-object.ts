import { endOfNested, type Member } from './canonical-json.ts';

const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** No string may contain them, and between tokens a sample as it is published has none. */
const CONTROL = /[^ -\uffff]/;

const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|null|true|false)(?=[,} ])/y;

/** The members of a JSON object without escapes, and which of them are objects or arrays. */
export interface PlainObject {
  readonly members: readonly Member[];
  /** The only member that is an object or array; -1 when none is. */
  readonly nested: number;
}

/**
 * Reads an object of the kind that samples are, and checks its grammar on the way, at half the cost of
 * JSON.parse and of looking for the members after it. Only the grammar within `nested` is left to be
 * checked.
 *
 * Null when the object has escapes outside of `nested`, several nested members, or line breaks and tabs,
 * or is no JSON: that is for JSON.parse to tell.
 */
export function readPlainObject(text: string): PlainObject | null {
  if (CONTROL.test(text)) return null;
  const hasEscapes = text.includes('\\');
  const members: Member[] = [];
  let nested = -1;
  let at = skipBlanks(text, 0);
  if (text.charCodeAt(at) !== OPEN_OBJECT) return null;
  do {
    const member = readMember(text, skipBlanks(text, at + 1), hasEscapes);
    if (member === null) return null;
    if (isNested(text, member)) {
      if (nested !== -1) return null;
      nested = members.length;
    }
    members.push(member);
    at = skipBlanks(text, member.end);
  } while (text.charCodeAt(at) === COMMA);
  const isWhole = text.charCodeAt(at) === CLOSE_OBJECT && skipBlanks(text, at + 1) === text.length;
  return isWhole ? { members, nested } : null;
}

function readMember(text: string, at: number, hasEscapes: boolean): Member | null {
  if (text.charCodeAt(at) !== QUOTE) return null;
  const keyEnd = endOfPlainString(text, at, hasEscapes);
  if (keyEnd === -1) return null;
  const colon = skipBlanks(text, keyEnd);
  if (text.charCodeAt(colon) !== COLON) return null;
  const start = skipBlanks(text, colon + 1);
  const end = endOfPlainValue(text, start, hasEscapes);
  return end === -1 ? null : { key: text.slice(at + 1, keyEnd - 1), start, end };
}

function endOfPlainValue(text: string, start: number, hasEscapes: boolean): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfPlainString(text, start, hasEscapes);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return endOfNested(text, start);
  SCALAR.lastIndex = start;
  return SCALAR.test(text) ? SCALAR.lastIndex : -1;
}

function isNested(text: string, { start }: Member): boolean {
  const first = text.charCodeAt(start);
  return first === OPEN_OBJECT || first === OPEN_ARRAY;
}

/** One beyond the closing quote; -1 where the string has an escape, or no end. */
function endOfPlainString(text: string, start: number, hasEscapes: boolean): number {
  const end = text.indexOf('"', start + 1);
  if (end === -1) return -1;
  return hasEscapes && text.slice(start + 1, end).includes('\\') ? -1 : end + 1;
}

/** Of what JSON takes between tokens only the blank is left here. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === BLANK) at += 1;
  return at;
}
