import { create, type Font } from 'fontkit';
import { assert } from '../../../assert.ts';
import { opentypeOf } from './woff.ts';

/** Fonts that the text is set in, as files (TrueType, OpenType, WOFF). */
export interface PdfFonts {
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
  /** For characters that the others lack; read when there are any. */
  readonly fallback: () => Uint8Array;
}

export type Weight = 'regular' | 'bold';
export type FontName = Weight | 'fallback';

/** Text in one font. */
export interface Run {
  readonly font: FontName;
  readonly text: string;
}

export interface Typefaces {
  /** Text as `shownText` gives it, piece by piece in a font that has it; what none has by its code point: `[U+1F600]`. */
  readonly runsOf: (text: string, weight: Weight) => readonly Run[];
  readonly file: (font: FontName) => Uint8Array;
}

/**
 * Control characters, and those that turn text around or hide it (overrides of direction, zero-width ones), are shown by
 * their code point: a name reads on paper as it is.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

export function shownText(text: string): string {
  return PLAIN.test(text) ? text : text.normalize('NFC').replaceAll(UNSEEN, codePointText);
}

function codePointText(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
}

export function typefaces(fonts: PdfFonts): Typefaces {
  const files = new Map<FontName, Uint8Array>();
  const parsed = new Map<FontName, Font>();
  const file = (name: FontName): Uint8Array => {
    const known = files.get(name);
    if (known !== undefined) return known;
    const read = opentypeOf(name === 'fallback' ? fonts.fallback() : fonts[name]);
    files.set(name, read);
    return read;
  };
  const fontOf = (name: FontName): Font => {
    const known = parsed.get(name);
    if (known !== undefined) return known;
    const font = create(file(name) as Parameters<typeof create>[0]);
    assert('hasGlyphForCodePoint' in font, 'a file of fonts has one font');
    parsed.set(name, font);
    return font;
  };
  const pieceOf = (character: string, weight: Weight): Run => {
    const codePoint = character.codePointAt(0) ?? 0;
    for (const font of [weight, 'fallback'] as const) {
      if (fontOf(font).hasGlyphForCodePoint(codePoint)) return { font, text: character };
    }
    return { font: weight, text: codePointText(character) };
  };
  return {
    file,
    runsOf(text, weight) {
      if (PLAIN.test(text)) return text === '' ? [] : [{ font: weight, text }];
      const runs: Run[] = [];
      for (const character of text) {
        const piece = pieceOf(character, weight);
        const last = runs.at(-1);
        if (last?.font === piece.font) runs[runs.length - 1] = joined(last, piece);
        else runs.push(piece);
      }
      return runs;
    },
  };
}

function joined(a: Run, b: Run): Run {
  return { font: a.font, text: a.text + b.text };
}
