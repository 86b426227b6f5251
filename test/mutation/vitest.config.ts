import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { instrument } from './instrument.ts';

/** What is mutated when nothing else is said: all that makes money, but for what only prints it. */
const MUTATED = ['lib/money/*.ts', 'lib/rating/**/*.ts', 'lib/billing/*.ts'];

/** The tests of these parts, and the worked cases; `TESTS`, by spaces, names fewer. */
const TESTS = [
  'test/lib/{decimal,money,rating,billing}/*.test.ts',
  'test/lib/{budgets,teams}.test.ts',
  'test/cli/{quote,quote-explain,quote-hashmap,import,compare}.test.ts',
  'test/functions/{close-checks,close-notes,bill-jobs,explain-notes,explain-note-causes}.test.ts',
  'test/trust/decimals.test.ts',
];

declare module 'vitest' {
  export interface ProvidedContext {
    mutants: Awaited<ReturnType<typeof instrument>>['mutants'];
    tests: string[];
  }
}

export default defineConfig(async () => {
  const patterns = process.env['MUTATE'] ? process.env['MUTATE'].split(',') : MUTATED;
  const tests = process.env['TESTS']?.split(' ') ?? TESTS;
  const { sources, mutants } = await instrument(globSync(patterns).toSorted());
  const written = new Map([...sources].map(([path, text]) => [resolve(path), text]));
  const stands = new Map([
    ['vitest', resolve('test/mutation/registered-tests.ts')],
    ['fast-check', resolve('test/mutation/short-laws.ts')],
  ]);
  return {
    plugins: [
      {
        name: 'mutants',
        enforce: 'pre',
        resolveId: (id: string, importer: string | undefined) =>
          importer === undefined || importer.includes('/test/mutation/')
            ? undefined
            : stands.get(id),
        load: (id: string) => written.get(id.split('?')[0] ?? ''),
      },
    ],
    test: {
      include: ['test/mutation/every-mutant.ts'],
      provide: { mutants: [...mutants], tests: globSync(tests).toSorted() },
      // It would give out the sources of another run, whose mutants have other numbers.
      fsModuleCache: false,
      testTimeout: 24 * 3_600_000,
      // A mutant may leave a promise that nobody waits for.
      dangerouslyIgnoreUnhandledErrors: true,
    },
  };
});
