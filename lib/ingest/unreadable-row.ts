import { excerpt, RowRefused } from './refusal.ts';

const PYTHON_REPR = /^\s*\{\s*u?'/;
const NOT_FINITE = /[[:,]\s*(-?(?:NaN|Infinity))\s*[,}\]]/;

/** A row as Python's repr writes a dict: 'single quotes', None, True. */
export function isPythonRepr(text: string): boolean {
  return PYTHON_REPR.test(text);
}

export const PYTHON_REPR_ADVICE =
  "this is Python's repr of a sample, not JSON: configure Ceilometer's file publisher with ?json (file:///path?json) and send its file";

/** Why a row that JSON.parse refuses is refused, in words that help. */
export function unreadableRow(text: string): RowRefused {
  if (isPythonRepr(text)) {
    return new RowRefused('python_repr', `The row cannot be read: ${PYTHON_REPR_ADVICE}.`);
  }
  const notFinite = NOT_FINITE.exec(text)?.[1];
  if (notFinite !== undefined) {
    return new RowRefused(
      'not_finite',
      `The row contains ${notFinite}, which is no JSON number: the reading does not exist. Leave the row out, or send the true volume.`,
    );
  }
  return new RowRefused(
    'invalid_json',
    `The row is not valid JSON (${excerpt(jsonFault(text))}). It starts with: ${excerpt(text)}`,
  );
}

function jsonFault(text: string): string {
  try {
    JSON.parse(text);
    return 'it is not an object';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
