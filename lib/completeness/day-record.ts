import type { DayCompleteness } from '../ports/day-completeness.ts';
import type { RegionDay } from '../ports/usage-totals.ts';

/** Shards of a day, or parts of one, as one; null when none of them tells. */
export function mergedDay(
  shards: readonly Pick<RegionDay, 'completeness'>[],
): DayCompleteness | null {
  const told = shards.flatMap(({ completeness }) => (completeness ? [completeness] : []));
  const [first, ...others] = told;
  if (first === undefined) return null;
  return others.reduce(sumOf, first);
}

function sumOf(a: DayCompleteness, b: DayCompleteness): DayCompleteness {
  return {
    expected: a.expected + b.expected,
    seen: a.seen + b.seen,
    missing: a.missing + b.missing,
    expectedByHour: addHours(a.expectedByHour, b.expectedByHour),
    coveredByHour: addHours(a.coveredByHour, b.coveredByHour),
    readings: a.readings + b.readings,
    readHours: a.readHours + b.readHours,
    sources: [...new Set([...a.sources, ...b.sources])].toSorted(),
  };
}

function addHours(a: readonly number[], b: readonly number[]): number[] {
  return a.map((count, hour) => count + (b[hour] ?? 0));
}
