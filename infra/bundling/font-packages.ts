import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What lib/adapters/node/pdf-fonts.ts reads, by package, and the licences that go with it. */
export const FONT_FILES = {
  '@expo-google-fonts/noto-sans': [
    'package.json',
    'LICENSE_FONT',
    '400Regular/NotoSans_400Regular.ttf',
    '700Bold/NotoSans_700Bold.ttf',
  ],
  '@fontsource/unifontex': ['package.json', 'LICENSE', 'files/unifontex-latin-400-normal.woff'],
} as const;

/**
 * Copies the fonts of documents beside a bundle, where it finds them as it does in a checkout.
 * @throws Error when a package is not installed
 */
export function stageFonts(root: string, target: string): void {
  for (const [name, files] of Object.entries(FONT_FILES)) {
    for (const file of files) {
      const [from, to] = [root, target].map((folder) => join(folder, 'node_modules', name, file));
      if (from === undefined || to === undefined || !existsSync(from)) {
        throw new Error(`package ${name} is not installed, or has no ${file}: run npm ci`);
      }
      mkdirSync(dirname(to), { recursive: true });
      cpSync(from, to);
    }
  }
}
