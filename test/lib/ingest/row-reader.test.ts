import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import type { RawRow } from '../../../lib/ingest/raw-row.ts';
import { RowReader } from '../../../lib/ingest/row-reader.ts';

const encoder = new TextEncoder();

function rowsOf(input: string | Uint8Array, chunkBytes = 1_000_000, limits = DEFAULT_LIMITS) {
  const bytes = typeof input === 'string' ? encoder.encode(input) : input;
  const reader = new RowReader(limits);
  const rows: RawRow[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    rows.push(...reader.push(bytes.slice(at, at + chunkBytes)));
  }
  rows.push(...reader.end());
  return rows.map((row) =>
    'text' in row ? `${row.line} ${row.text.trim()}` : `${row.line} ${row.refusal.code}`,
  );
}

describe('rows of an object', () => {
  it.each([
    { name: 'LF', input: '{"a":1}\n{"a":2}\n', rows: ['1 {"a":1}', '2 {"a":2}'] },
    { name: 'CRLF', input: '{"a":1}\r\n{"a":2}\r\n', rows: ['1 {"a":1}', '2 {"a":2}'] },
    { name: 'CR alone', input: '{"a":1}\r{"a":2}\r', rows: ['1 {"a":1}', '2 {"a":2}'] },
    { name: 'no final newline', input: '{"a":1}\n{"a":2}', rows: ['1 {"a":1}', '2 {"a":2}'] },
    {
      name: 'blank lines',
      input: '\n \n{"a":1}\n\n\t\n{"a":2}\n',
      rows: ['3 {"a":1}', '6 {"a":2}'],
    },
    { name: 'a byte order mark', input: '\ufeff{"a":1}\n', rows: ['1 {"a":1}'] },
    { name: 'one line', input: '{"a":1}', rows: ['1 {"a":1}'] },
    { name: 'an array on one line', input: '[{"a":1},{"a":2}]', rows: ['1 {"a":1}', '1 {"a":2}'] },
    {
      name: 'an array over many lines',
      input: '[\n {"a":1},\n\n {"a":\n2}\n]\n',
      rows: ['2 {"a":1}', '4 {"a":\n2}'],
    },
    {
      name: 'brackets and quotes in text',
      input: '[{"a":"]},{\\"["},{"b":"\\\\"}]',
      rows: ['1 {"a":"]},{\\"["}', '1 {"b":"\\\\"}'],
    },
    {
      name: 'an array of words, text and arrays',
      input: '[1, "a,b", null,[2,[3]] ,-4.5e1]',
      rows: ['1 1', '1 "a,b"', '1 null', '1 [2,[3]]', '1 -4.5e1'],
    },
    {
      name: 'one object over many lines',
      input: '{\n  "a": {\n "b": 1 }\n}\n',
      rows: ['1 {\n  "a": {\n "b": 1 }\n}'],
    },
    {
      name: 'objects over many lines, one after the other',
      input: '{\n"a":1\n}\n{\n"a":2\n}',
      rows: ['1 {\n"a":1\n}', '4 {\n"a":2\n}'],
    },
    {
      name: 'arrays, one a line',
      input: '[{"a":1}]\n[{"a":2}]\n',
      rows: ['1 {"a":1}', '2 {"a":2}'],
    },
    { name: 'an empty array', input: ' [ ] ', rows: [] },
    { name: 'nothing', input: '', rows: [] },
    {
      name: 'a line that breaks off, with others after it',
      input: '{"a":1, \n{"a":2}\n',
      rows: ['1 {"a":1,', '2 {"a":2}'],
    },
    {
      name: 'an element that is no JSON, between two that are',
      input: '[{"a":1},{"a":tru},{"a":2}]',
      rows: ['1 {"a":1}', '1 {"a":tru}', '1 {"a":2}'],
    },
    { name: 'lines that are no JSON', input: 'ID,Name\n1,x\n', rows: ['1 ID,Name', '2 1,x'] },
  ])('are found in $name, however the bytes come', ({ input, rows }) => {
    expect(rowsOf(input)).toEqual(rows);
    for (const chunkBytes of [1, 2, 3, 7]) expect(rowsOf(input, chunkBytes)).toEqual(rows);
  });

  it.each([
    { name: 'is not closed', input: '[{"a":1},{"a":2}', code: 'truncated_array' },
    { name: 'ends in an element', input: '[{"a":1},{"a', code: 'truncated_array' },
    { name: 'ends after a comma', input: '[{"a":1},', code: 'truncated_array' },
    { name: 'lacks a comma', input: '[{"a":1} {"a":2}]', code: 'damaged_array' },
    { name: 'has a comma too many', input: '[{"a":1},]', code: 'damaged_array' },
    { name: 'begins with a comma', input: '[,{"a":1}]', code: 'damaged_array' },
    { name: 'closes twice', input: '[{"a":1}]]', code: 'damaged_array' },
  ])('are refused as a whole where the array $name', ({ input, code }) => {
    for (const chunkBytes of [1, 1_000]) {
      expect(() => rowsOf(input, chunkBytes)).toThrow(expect.objectContaining({ code }));
    }
  });

  it('are refused as a whole in UTF-16', () => {
    const utf16 = Uint8Array.from(Buffer.from('\ufeff{"a":1}', 'utf16le'));
    expect(() => rowsOf(utf16)).toThrow(/Write the export as UTF-8/);
  });

  it('lose only the row that is not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"é"}\n{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n{"a":"ü"}\n'),
    ]);
    for (const chunkBytes of [1, 5, 1_000]) {
      expect(rowsOf(bytes, chunkBytes)).toEqual(['1 {"a":"é"}', '2 invalid_utf8', '3 {"a":"ü"}']);
    }
  });

  describe('that are too long', () => {
    const limits = { ...DEFAULT_LIMITS, rowBytesMax: 40, envelopeBytesMax: 100 };
    const long = `{"a":"${'x'.repeat(60)}"}`;

    it.each([
      { name: 'as a line', input: `{"a":1}\n${long}\n{"a":2}\n`, lines: [1, 2, 3] },
      { name: 'as an element', input: `[{"a":1},\n${long},\n{"a":2}]`, lines: [1, 2, 3] },
    ])('cost only themselves, $name', ({ input, lines }) => {
      const expected = [`${lines[0]} {"a":1}`, `${lines[1]} row_too_long`, `${lines[2]} {"a":2}`];
      for (const chunkBytes of [1, 9, 1_000]) {
        expect(rowsOf(input, chunkBytes, limits)).toEqual(expected);
      }
    });

    it('may be longer when they are an envelope, up to a limit of its own', () => {
      const envelope = (length: number) => `{"body":"${'x'.repeat(length)}"}`;
      expect(rowsOf(`${envelope(60)}\n`, 8, limits)).toEqual([`1 ${envelope(60)}`]);
      expect(rowsOf(`${envelope(200)}\n`, 8, limits)).toEqual(['1 row_too_long']);
    });

    it('take no memory: a gigabyte without a newline', () => {
      const reader = new RowReader(DEFAULT_LIMITS);
      const chunk = new Uint8Array(262_144).fill(120);
      const before = process.memoryUsage().rss;
      for (let sent = 0; sent < 1_073_741_824; sent += chunk.length) reader.push(chunk);
      expect(reader.end()).toMatchObject([{ line: 1, refusal: { code: 'row_too_long' } }]);
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    });
  });

  it('are the same for every way to cut the bytes', () => {
    const row = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify({ value })),
      fc.constantFrom('{"a":"\\"}', 'x', '', '{"é":"\\u0000"}'),
    );
    const input = fc.oneof(
      fc.array(row).map((rows) => rows.join('\n')),
      fc.array(row).map((rows) => rows.join('\r\n')),
      fc.array(fc.jsonValue()).map((values) => JSON.stringify(values, null, 1)),
    );
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 50 }), (text, chunkBytes) => {
        const outcome = (size: number) => {
          try {
            return rowsOf(text, size);
          } catch (error) {
            return String(error);
          }
        };
        expect(outcome(chunkBytes)).toEqual(outcome(1_000_000));
      }),
      { numRuns: 300 },
    );
  });

  it('do not change with the memory that the bytes came in', () => {
    for (const text of [
      '{"a":1}\n{"a":2}\n{"a":3}',
      '[{"a":1},{"a":2},12345,"x"]',
      '{\n"a":1\n}\n{"a":2}',
    ]) {
      const reader = new RowReader(DEFAULT_LIMITS);
      const memory = Buffer.alloc(3);
      const rows: RawRow[] = [];
      for (let at = 0; at < text.length; at += memory.length) {
        const bytes = memory.write(text.slice(at, at + memory.length));
        rows.push(...reader.push(memory.subarray(0, bytes)));
      }
      rows.push(...reader.end());
      expect(rows.map((row) => ('text' in row ? row.text : row.refusal))).toEqual(
        rowsOf(text).map((row) => row.slice(row.indexOf(' ') + 1)),
      );
    }
  });

  it('of an array are its elements', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 0, max: 3 }), (values, indent) => {
        const rows = rowsOf(JSON.stringify(values, null, indent), 13);
        expect(rows.map((row) => JSON.parse(row.slice(row.indexOf(' ') + 1)))).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
      }),
      { numRuns: 200 },
    );
  });
});
