import { ProblemError } from './errors.ts';

declare const brand: unique symbol;
/** Text that a parser has let through: one kind of it cannot take the place of another. */
export type Branded<T, B extends string> = T & { readonly [brand]: B };

/** A region's name; it is part of object keys, so its alphabet is narrow. */
export type Region = Branded<string, 'Region'>;

const REGION_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** 1 to 63 letters, digits, `.`, `_` or `-`, starting with a letter or digit. */
export function isRegion(text: string): text is Region {
  return REGION_PATTERN.test(text);
}

/** @throws ProblemError `invalid` */
export function parseRegion(text: string): Region {
  if (!isRegion(text)) {
    throw new ProblemError(
      'invalid',
      `"${text.slice(0, 80)}" is not a region name: use 1 to 63 letters, digits, ".", "_" or "-", starting with a letter or digit.`,
    );
  }
  return text;
}

/** Ids of OpenStack (project, user, resource) are opaque text of 1 to 255 bytes of UTF-8. */
export function isOpaqueId(text: string): boolean {
  if (text.length === 0 || text.length > 255) return false;
  return text.length <= 63 || utf8Length(text) <= 255;
}

/** In bytes. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * Order of text by its UTF-8 bytes, which is the order of its code points. JavaScript's own order
 * is by UTF-16 units and differs beyond U+FFFF.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x === y) continue;
    return liftSurrogate(x) - liftSurrogate(y);
  }
  return a.length - b.length;
}

/** Surrogates (code points from U+10000) sort after U+E000..U+FFFF, as their UTF-8 bytes do. */
function liftSurrogate(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
