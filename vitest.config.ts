import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/own-temp-folder.ts'],
    reporters: ['default', './test/count-reporter.ts'],
    projects: [
      {
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          setupFiles: ['test/fixed-seed.ts'],
          // Without it there is one less than cores: one, where CI runs.
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // Drives the running app, two deployments at a time: they mostly wait for each other's parts.
          name: 'end-to-end',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
