import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membersOf } from '../../../lib/ingest/canonical-json.ts';
import { readPlainObject } from '../../../lib/ingest/plain-object.ts';
import { publisherRow } from './samples.ts';

/** Whether JSON.parse takes the text, with any other text in the place of its one nested member. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a plain object', () => {
  it.each([
    { text: '{"a":1}', nested: -1 },
    { text: ' { "a" : "x" , "b":{"c":"\\""} } ', nested: 1 },
    { text: '{"a":[1,2],"b":-1.5e+3,"c":null,"d":true,"e":false,"f":0}', nested: 0 },
  ])('is $text', ({ text, nested }) => {
    expect(readPlainObject(text)).toEqual({ members: membersOf(text), nested });
  });

  it.each([
    '',
    '{',
    '{}',
    '[]',
    '1',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1 "b":2}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":-}',
    '{"a":1e}',
    '{"a":NaN}',
    '{"a":nul}',
    '{"a":nullx}',
    '{"a":truee}',
    '{"a":1x}',
    '{"a":"\\n"}',
    '{"a":"\n"}',
    '{"\\u0061":1}',
    '{"a":"x}',
    '{"a":{},"b":{}}',
    '{"a":1}x',
    '{"a":1}{',
    "{'a':1}",
    '{"a":1}\u00a0',
    '{"a":\u00a01}',
    '{"a":1\u0000}',
  ])('is not %s', (text) => {
    expect(readPlainObject(text)).toBeNull();
  });

  it('is taken only where JSON.parse takes it, and has the members that JSON.parse gives', () => {
    const damage = fc.record({
      at: fc.nat(400),
      remove: fc.nat(3),
      insert: fc.constantFrom(
        '',
        '"',
        '{',
        '}',
        ',',
        ':',
        '1',
        ' ',
        '\\',
        '\n',
        'null',
        '.',
        '-',
        'é',
      ),
    });
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 3 }), (changes) => {
        let text = publisherRow({ resource_metadata: { state: 'active', n: [1, { x: '}' }] } });
        for (const { at, remove, insert } of changes) {
          text = text.slice(0, at) + insert + text.slice(at + remove);
        }
        const plain = readPlainObject(text);
        if (plain === null) return;
        const nested = plain.members[plain.nested];
        const isWhole = nested === undefined || isJson(text.slice(nested.start, nested.end));
        expect(isJson(text)).toBe(isWhole);
        expect(plain.members).toEqual(membersOf(text));
        if (isWhole)
          expect(plain.members.map(({ key }) => key).toSorted()).toEqual(
            expect.arrayContaining(Object.keys(JSON.parse(text)).toSorted()),
          );
      }),
      { numRuns: 3_000 },
    );
  });
});
