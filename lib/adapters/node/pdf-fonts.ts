import { readFileSync } from 'node:fs';
import type { PdfFonts } from '../../billing/export/pdf/typefaces.ts';

/**
 * Fonts from their packages, beside the sources or beside a bundle (infra/bundling/font-packages.ts): Noto Sans for Latin,
 * Greek, Cyrillic and Devanagari, UnifontEX for nearly every other script. Both under the SIL Open Font License 1.1.
 */
export function pdfFonts(): PdfFonts {
  return {
    regular: bytesAt(
      import.meta.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'),
    ),
    bold: bytesAt(import.meta.resolve('@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf')),
    fallback: () =>
      bytesAt(import.meta.resolve('@fontsource/unifontex/files/unifontex-latin-400-normal.woff')),
  };
}

function bytesAt(url: string): Uint8Array {
  return readFileSync(new URL(url));
}
