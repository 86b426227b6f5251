import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PdfFonts } from '../../billing/export/pdf/typefaces.ts';

const { resolve } = createRequire(import.meta.url);

/**
 * Fonts from their packages, beside the sources or beside a bundle (infra/bundling/font-packages.ts): Noto Sans for Latin,
 * Greek, Cyrillic and Devanagari, UnifontEX for nearly every other script. Both under the SIL Open Font License 1.1.
 */
export function pdfFonts(): PdfFonts {
  return {
    regular: font('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'),
    bold: font('@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf'),
    fallback: () => font('@fontsource/unifontex/files/unifontex-latin-400-normal.woff'),
  };
}

function font(path: string): Uint8Array {
  return readFileSync(resolve(path));
}
