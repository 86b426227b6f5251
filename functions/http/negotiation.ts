/** Ranges of `Accept` that take a format, the most specific first. Whoever takes anything gets the first that is offered. */
const TYPES = {
  json: ['application/json', 'application/*', '*/*'],
  csv: ['text/csv', 'text/*', '*/*'],
  xlsx: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  pdf: ['application/pdf'],
} as const satisfies Record<string, readonly string[]>;

/**
 * The representation that `?format=` names, else the one that `Accept` prefers; the first of those offered when it takes
 * anything, and null when it takes none of them.
 */
export function preferredFormat<Named extends string, Offered extends keyof typeof TYPES>(
  format: Named | undefined,
  accept: string | undefined,
  offered: readonly [Offered, ...Offered[]],
): Named | Offered | null {
  if (format !== undefined) return format;
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',').map(rangeOf);
  let [best, weight]: [Offered | null, number] = [null, 0];
  for (const one of offered) {
    const own = weightOf(ranges, TYPES[one]);
    if (own > weight) [best, weight] = [one, own];
  }
  return best;
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
