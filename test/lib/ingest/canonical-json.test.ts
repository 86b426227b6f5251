import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText } from '../../../lib/identifiers.ts';
import { canonicalJson, membersOf } from '../../../lib/ingest/canonical-json.ts';

/** The same by JSON.parse, for documents whose numbers it keeps. */
function reference(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(reference).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => compareText(a, b));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${reference(inner)}`).join(',')}}`;
}

describe('canonical JSON', () => {
  it.each([
    { text: '{"b":1,"a":2}', canonical: '{"a":2,"b":1}' },
    { text: ' { "b" : [ 1 , { "d":1 , "c" : null } ] } ', canonical: '{"b":[1,{"c":null,"d":1}]}' },
    {
      text: '{"v":1.0,"w":9007199254740993,"x":1e5}',
      canonical: '{"v":1.0,"w":9007199254740993,"x":1e5}',
    },
    { text: '{"a":1,"a":2}', canonical: '{"a":2}' },
    { text: '{"\\u0061":1,"a":2}', canonical: '{"a":2}' },
    { text: '"\\u00e9\\/\\n"', canonical: '"é/\\n"' },
    { text: '{"\\ud83d\\ude00":1,"\\uffff":2}', canonical: '{"\uffff":2,"😀":1}' },
    {
      text: '{"__proto__":{"x":1},"constructor":2}',
      canonical: '{"__proto__":{"x":1},"constructor":2}',
    },
    { text: '{"a":"\\\\"}', canonical: '{"a":"\\\\"}' },
    { text: '{}', canonical: '{}' },
    { text: '[]', canonical: '[]' },
    { text: '"\\ud800"', canonical: '"\\ud800"' },
  ])('of $text is $canonical', ({ text, canonical }) => {
    expect(canonicalJson(text, 10)).toBe(canonical);
  });

  it('is the same for every layout and order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(canonicalJson(text, 100)).toBe(reference(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what nests too deeply, and survives it', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(canonicalJson(nested(10), 10)).toBe(nested(10));
    expect(() => canonicalJson(nested(11), 10)).toThrow(/nests/);
    expect(() => canonicalJson(nested(100_000), 64)).toThrow(/nests/);
  });

  it('never hangs or crashes on what is no JSON', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(membersOf(`{"${text}`)).toBeInstanceOf(Array);
        expect(membersOf(text)).toBeInstanceOf(Array);
      }),
    );
  });
});
