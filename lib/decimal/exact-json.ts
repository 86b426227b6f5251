import { compare, parseDecimal } from './decimal.ts';

/**
 * `JSON.parse` that loses no digit: a number that a float cannot hold as it was written
 * (9007199254740993, 0.1234567890123456789, 1e999) comes as its own text. All others stay numbers,
 * and `String` of them is the decimal that was written. Fields of decimals take both.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, keepDigits);
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return isExact(value, context.source) ? value : context.source;
}

/** Up to 15 significant digits survive a float; most numbers are told by their length alone. */
function isExact(value: number, source: string): boolean {
  const text = String(value);
  if (text === source) return true;
  const written = parseDecimal(source);
  const held = parseDecimal(text);
  return written !== null && held !== null && compare(written, held) === 0;
}
