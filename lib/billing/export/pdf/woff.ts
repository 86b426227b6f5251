import { unzlibSync } from 'fflate';
import { assert } from '../../../assert.ts';

const WOFF = 0x774f4646;
const HEADER_BYTES = 44;
const ENTRY_BYTES = 20;

/**
 * A WOFF 1.0 font as the OpenType font that it wraps (W3C WOFF File Format 1.0, section 5); any other font as it is.
 * PDFKit reads WOFF as well, and inflates the table of glyphs anew for each glyph.
 */
export function opentypeOf(font: Uint8Array): Uint8Array {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  if (view.getUint32(0) !== WOFF) return font;
  const count = view.getUint16(12);
  const entries = Array.from({ length: count }, (_, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const word = (position: number) => view.getUint32(at + position * 4);
    const [offset, packed, length] = [word(1), word(2), word(3)];
    const bytes = font.subarray(offset, offset + packed);
    const table = packed === length ? bytes : unzlibSync(bytes);
    assert(table.length === length, 'a table of a font has the length that it says');
    return { tag: word(0), checksum: word(4), table };
  });
  const padded = entries.map(({ table }) => Math.ceil(table.length / 4) * 4);
  const head = 12 + count * 16;
  const result = new Uint8Array(padded.reduce((sum, length) => sum + length, head));
  const target = new DataView(result.buffer);
  target.setUint32(0, view.getUint32(4));
  target.setUint16(4, count);
  const power = 2 ** Math.floor(Math.log2(count));
  target.setUint16(6, power * 16);
  target.setUint16(8, Math.log2(power));
  target.setUint16(10, (count - power) * 16);
  let offset = head;
  for (const [index, { tag, checksum, table }] of entries.entries()) {
    const at = 12 + index * 16;
    for (const [position, value] of [tag, checksum, offset, table.length].entries()) {
      target.setUint32(at + position * 4, value);
    }
    result.set(table, offset);
    offset += padded[index] ?? 0;
  }
  return result;
}
