import { compareText } from '../identifiers.ts';
import type { SamplePart } from '../ports/lake-index.ts';

/** What one part has at most: more would make one sort, and one download, too large. */
export const MERGED_ROWS_MAX = 2_000_000;
/** Their keys stand in one item of the index. */
export const MERGED_PARTS_MAX = 256;

/** Which parts become one: the smallest first, so that few become none; a part that is half full is left alone. */
export function mergeGroups(parts: readonly SamplePart[]): SamplePart[][] {
  const small = parts
    .filter(({ rows }) => rows <= MERGED_ROWS_MAX / 2)
    .toSorted((a, b) => a.rows - b.rows || compareText(a.key, b.key));
  const groups: SamplePart[][] = [];
  let rows = 0;
  for (const part of small) {
    const last = groups.at(-1);
    const fits = rows + part.rows <= MERGED_ROWS_MAX && (last?.length ?? 0) < MERGED_PARTS_MAX;
    if (last === undefined || !fits) {
      groups.push([part]);
      rows = part.rows;
    } else {
      last.push(part);
      rows += part.rows;
    }
  }
  return groups.filter((group) => group.length > 1);
}
