/**
 * The representation that `?format=` names, else the one that `Accept` prefers; JSON when it takes
 * anything, and null when it takes neither.
 */
export function preferredFormat(
  format: 'json' | 'csv' | undefined,
  accept: string | undefined,
): 'json' | 'csv' | null {
  if (format !== undefined) return format;
  if (accept === undefined || accept.trim() === '') return 'json';
  const ranges = accept.split(',').map(rangeOf);
  const json = weightOf(ranges, ['application/json', 'application/*', '*/*']);
  const csv = weightOf(ranges, ['text/csv', 'text/*', '*/*']);
  if (json === 0 && csv === 0) return null;
  return csv > json ? 'csv' : 'json';
}

interface Range {
  readonly type: string;
  readonly weight: number;
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
}

/** Of the most specific range that matches. */
function weightOf(ranges: readonly Range[], types: readonly string[]): number {
  for (const type of types) {
    const range = ranges.find((one) => one.type === type);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
