import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The tests of parts with properties tried on new cases: no seed is fixed. */
export default defineConfig({
  test: {
    globalSetup: [join(import.meta.dirname, '../own-temp-folder.ts')],
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
