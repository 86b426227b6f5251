import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The worked cases first: they are quick, and most mutants die of them. Laws, which take longest, come last. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId));
  }
}

const LAST = ['quote.test.ts', 'corrections.test.ts', 'adjustments.test.ts', 'close-month.test.ts'];

function rankOf(file: string): number {
  return LAST.findIndex((name) => file.endsWith(name));
}

/** What mutants of money, rating and billing are run against: the tests of these parts and the worked cases. */
export default defineConfig({
  test: {
    include: [
      'test/lib/{decimal,money,rating,billing}/**/*.test.ts',
      'test/lib/{budgets,teams}.test.ts',
      'test/cli/{quote*,compare,price*}.test.ts',
      'test/functions/close-{checks,notes}.test.ts',
    ],
    exclude: ['test/lib/billing/export/**'],
    setupFiles: ['test/mutation/few-runs.ts'],
    sequence: { sequencer: QuickFirst },
    testTimeout: 30_000,
    isolate: false,
  },
});
