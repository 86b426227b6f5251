import { type Decimal, normalize, parseDecimal } from '../../decimal/decimal.ts';
import { ProblemError } from '../../errors.ts';
import { type InstantUs, parseInstant } from '../../period/instant.ts';
import { NumberText } from '../../python-text.ts';
import { pointerTo } from '../validate.ts';

/** An object of a hashmap configuration: a rule, or what rules point to. */
export type Row = Readonly<Record<string, unknown>>;

/** The fault of a configuration: `pointer` tells where (RFC 6901). */
export function invalid(pointer: string, message: string): ProblemError {
  const told = `${pointer === '' ? 'it' : pointer}: ${message}`;
  return new ProblemError('invalid', `The hashmap configuration is not valid: ${told}.`, [
    { pointer, message },
  ]);
}

/** @throws ProblemError when the value is no object. */
export function rowOf(value: unknown, at: string): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw invalid(at, 'must be an object');
}

/** The objects of a list; none where the key is not there. @throws ProblemError for anything else. */
export function listOf(root: Row, key: string): Row[] {
  const list = root[key] ?? [];
  if (!Array.isArray(list)) throw invalid(`/${key}`, 'must be a list');
  return list.map((row, index) => rowOf(row, pointerTo(key, index)));
}

/** Text, or the digits of a number as they were written; null where there is none. @throws ProblemError for anything else. */
export function optionalText(row: Row, key: string, at: string): string | null {
  const value = row[key] ?? null;
  if (value === null || typeof value === 'string') return value;
  if (value instanceof NumberText) return value.text;
  if (typeof value === 'number') return String(value);
  throw invalid(`${at}/${key}`, 'must be text');
}

/** @throws ProblemError when it is missing or not text. */
export function textOf(row: Row, key: string, at: string): string {
  const text = optionalText(row, key, at);
  if (text === null) throw invalid(`${at}/${key}`, 'is missing');
  return text;
}

/** @throws ProblemError when it is missing or no decimal. */
export function decimalOf(row: Row, key: string, at: string): Decimal {
  const text = textOf(row, key, at);
  const value = parseDecimal(text);
  if (value === null) throw invalid(`${at}/${key}`, `"${text}" is not a decimal`);
  return normalize(value);
}

/** Null where there is none. @throws ProblemError when it is no instant. */
export function instantOf(row: Row, key: string, at: string): InstantUs | null {
  const text = optionalText(row, key, at);
  if (text === null) return null;
  const instant = parseInstant(text);
  if (instant === null) throw invalid(`${at}/${key}`, `"${text}" is not an instant`);
  return instant;
}
