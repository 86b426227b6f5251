import type { Listing, ListOptions, StoredObject } from './fauxqs-parts.ts';

/** ListObjects as S3 does it: keys in the order of their UTF-8 bytes, pages that join without gap. */
export function listInKeyOrder(
  objects: Iterable<StoredObject>,
  options: ListOptions = {},
): Listing {
  const { prefix = '', delimiter, maxKeys = 1_000 } = options;
  const after = options.startAfter ?? options.marker ?? '';
  const candidates = [...objects]
    .filter(({ key }) => key.startsWith(prefix) && (after === '' || compareUtf8(key, after) > 0))
    .sort((left, right) => compareUtf8(left.key, right.key));
  const page: StoredObject[] = [];
  const groups = new Set<string>();
  for (const object of candidates) {
    const group = groupOf(object.key, prefix, delimiter);
    // A page that ended with a group goes on after it.
    if (group !== null && (groups.has(group) || (after !== '' && compareUtf8(group, after) <= 0))) {
      continue;
    }
    if (page.length + groups.size >= maxKeys) {
      return { objects: page, commonPrefixes: [...groups], isTruncated: true };
    }
    if (group === null) page.push(object);
    else groups.add(group);
  }
  return { objects: page, commonPrefixes: [...groups], isTruncated: false };
}

function groupOf(key: string, prefix: string, delimiter: string | undefined): string | null {
  if (delimiter === undefined || delimiter === '') return null;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? null : key.slice(0, at + delimiter.length);
}

/** UTF-16 order differs from it where surrogates meet U+E000 to U+FFFF. */
function compareUtf8(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Puts surrogates (code points above U+FFFF) behind all other code units. */
function rank(unit: number): number {
  const surrogate = unit >= 0xd800 && unit <= 0xdfff;
  return surrogate ? unit + 0x10000 : unit;
}
