/** Mutants of what makes money: docs/mutation.md tells how to run it in parts, and which mutants are left. */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  // There is no JavaScript API of TypeScript 7: a file that is not there keeps Stryker from asking for one.
  tsconfigFile: 'no-tsconfig.json',
  mutate: ['lib/{money,rating,billing}/**/*.ts', '!lib/billing/export/**'],
  coverageAnalysis: 'perTest',
  // What runs once, when a module is loaded, would need all tests for each mutant: schemas and tables.
  ignoreStatic: true,
  concurrency: 2,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.mutation/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  tempDirName: '.mutation/sandbox',
  ignorePatterns: ['cdk.out', '.headroom', '.mutation', 'docs'],
};
