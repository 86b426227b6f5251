/**
 * Wakes one mutant after the other and runs the tests that reach it, the quickest first, until one fails. Run by
 * `npm run mutation`; docs/mutation.md tells what came of it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import type { Mutant } from './instrument.ts';
import { endAll, type RegisteredTest, register, registeredTests } from './registered-tests.ts';
import { type Judged, report, type Verdict } from './report.ts';

/** Examples of a law: few for all mutants, and more for those that survive. */
const RUNS = { first: 8, again: 40 };
const SEED = 42;
const TIMEOUT_MS = 10_000;

interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: Coverage;
}

/** How often each mutant was passed: by no test, but when a module was loaded, and by each test. */
interface Coverage {
  readonly static: Readonly<Record<string, number>>;
  readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What the instrumented sources look at. */
const board: Switchboard = {};
Object.assign(globalThis, { __stryker__: board });

interface TimedTest extends RegisteredTest {
  readonly ms: number;
}

/** Of all tests, run once with no mutant awake. */
async function dryRun(): Promise<TimedTest[]> {
  const timed: TimedTest[] = [];
  for (const test of registeredTests()) {
    board.currentTestId = test.id;
    const start = performance.now();
    await test.run();
    timed.push({ ...test, ms: performance.now() - start });
  }
  board.currentTestId = undefined;
  return timed.toSorted((a, b) => a.ms - b.ms);
}

async function passes(test: RegisteredTest): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(done, TIMEOUT_MS, false);
  });
  const run = test.run().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function judge(
  mutant: Mutant,
  { tests, perTest, static: atLoad }: Coverage & { readonly tests: readonly TimedTest[] },
): Promise<Judged> {
  const reaching = tests.filter(({ id }) => perTest[id]?.[mutant.id] !== undefined);
  const told = (verdict: Verdict, by: string | null = null) => ({ ...mutant, verdict, by });
  if (reaching.length === 0) return told(mutant.id in atLoad ? 'static' : 'not reached');
  const hits = Math.max(...reaching.map(({ id }) => perTest[id]?.[mutant.id] ?? 0));
  try {
    for (const runs of [RUNS.first, RUNS.again]) {
      fc.configureGlobal({ numRuns: runs, seed: SEED, endOnFailure: true });
      for (const test of reaching) {
        Object.assign(board, {
          activeMutant: mutant.id,
          hitCount: 0,
          hitLimit: hits * 100 + 1_000,
        });
        if (!(await passes(test))) return told('killed', test.id);
      }
    }
    return told('survived');
  } finally {
    Object.assign(board, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
  }
}

it('is judged by the tests', async () => {
  fc.configureGlobal({ numRuns: RUNS.first, seed: SEED, endOnFailure: true });
  for (const file of inject('tests')) await register(file, () => import(resolve(file)));
  const tests = await dryRun();
  // A copy: what runs later goes on counting.
  const covered = structuredClone(board.mutantCoverage ?? { static: {}, perTest: {} });
  const judged: Judged[] = [];
  const folder = '.mutation';
  mkdirSync(folder, { recursive: true });
  for (const mutant of inject('mutants')) {
    judged.push(await judge(mutant, { ...covered, tests }));
    if (judged.length % 100 === 0) console.log(`${judged.length} of ${inject('mutants').length}`);
  }
  writeFileSync(`${folder}/report.json`, JSON.stringify(judged, null, 1));
  console.log(report(judged));
  // A mutant that spoiled what outlives it would have killed those after it.
  const spoiled: string[] = [];
  for (const test of tests) if (!(await passes(test))) spoiled.push(test.id);
  await endAll();
  expect(spoiled).toEqual([]);
});
