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

/** Tests that take longer go over much that quicker ones look at as well: they are asked where no other is. */
const QUICK_MS = 500;

const mutants = inject('mutants');

/** How often each mutant was passed, by its number. */
type Passes = Uint32Array;
// Numbers are left out where two mutants would be one.
const NUMBERS = Math.max(0, ...mutants.map(({ id }) => Number(id) + 1));
const noPasses = (): Passes => new Uint32Array(NUMBERS);

/** What the instrumented sources look at. */
class Switchboard {
  passes = noPasses();
  #awake = -1;
  #hitsLeft = 0;

  pass(...numbers: readonly number[]): void {
    for (const number of numbers) this.passes[number] = (this.passes[number] ?? 0) + 1;
  }

  isAwake(number: number): boolean {
    if (number !== this.#awake) return false;
    this.#hitsLeft -= 1;
    if (this.#hitsLeft < 0) throw new Error('a mutant made a loop without end');
    return true;
  }

  /** @param hits after so many it is taken to be in a loop without end */
  wake(number: number, hits: number): void {
    this.#awake = number;
    this.#hitsLeft = hits;
  }

  sleep(): void {
    this.wake(-1, 0);
  }
}

const board = new Switchboard();
Object.assign(globalThis, { __mutants__: board });

interface TimedTest extends RegisteredTest {
  readonly ms: number;
  readonly passes: Passes;
  /** It has examples: more of them may tell more. */
  readonly isLaw: boolean;
  /** It fails with few examples: it counts what came of them. */
  readonly needsAll: boolean;
}

/** @param numRuns examples of each law; those of a test that needs all of its own are not cut */
function shortenLaws(numRuns: number, { needsAll }: Pick<TimedTest, 'needsAll'>): void {
  fc.resetConfigureGlobal();
  fc.configureGlobal({ seed: SEED, endOnFailure: true, ...(needsAll ? {} : { numRuns }) });
}

/** Of all tests, run once with no mutant awake. */
async function dryRun(): Promise<TimedTest[]> {
  const timed: TimedTest[] = [];
  for (const test of registeredTests()) {
    board.passes = noPasses();
    const start = performance.now();
    let needsAll = false;
    let isLaw = false;
    const beforeEach = () => {
      isLaw = true;
    };
    shortenLaws(RUNS.first, { needsAll });
    fc.configureGlobal({ ...fc.readConfigureGlobal(), beforeEach });
    if (!(await passes(test))) {
      needsAll = true;
      shortenLaws(RUNS.first, { needsAll });
      await test.run();
    }
    const ms = performance.now() - start;
    timed.push({ ...test, ms, passes: board.passes, isLaw: isLaw && !needsAll, needsAll });
  }
  board.passes = noPasses();
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

/** @param atLoad what was passed when modules were loaded */
async function judge(mutant: Mutant, tests: readonly TimedTest[], atLoad: Passes): Promise<Judged> {
  const number = Number(mutant.id);
  const passesOf = (test: TimedTest) => test.passes[number] ?? 0;
  const all = tests.filter((test) => passesOf(test) > 0);
  const quick = all.filter(({ ms }) => ms <= QUICK_MS);
  const reaching = quick.length === 0 ? all : quick;
  const told = (verdict: Verdict, by: string | null = null) => ({ ...mutant, verdict, by });
  if (reaching.length === 0) return told(atLoad[number] ? 'static' : 'not reached');
  const hits = Math.max(...reaching.map(passesOf)) * 100 + 1_000;
  try {
    const laws = reaching.filter(({ isLaw }) => isLaw);
    for (const [numRuns, those] of [
      [RUNS.first, reaching],
      [RUNS.again, laws],
    ] as const) {
      for (const test of those) {
        shortenLaws(numRuns, test);
        board.wake(number, hits);
        if (!(await passes(test))) return told('killed', test.id);
      }
    }
    return told('survived');
  } finally {
    board.sleep();
  }
}

it('is judged by the tests', async () => {
  for (const file of inject('tests')) await register(file, () => import(resolve(file)));
  const atLoad = board.passes;
  const tests = await dryRun();
  const judged: Judged[] = [];
  const folder = '.mutation';
  mkdirSync(folder, { recursive: true });
  for (const [index, mutant] of mutants.entries()) {
    judged.push(await judge(mutant, tests, atLoad));
    if (mutants[index + 1]?.file === mutant.file) continue;
    // File by file, so that a run that is stopped was not in vain.
    writeFileSync(`${folder}/report.json`, JSON.stringify(judged, null, 1));
    console.log(`${judged.length} of ${mutants.length}: ${mutant.file}`);
  }
  console.log(report(judged));
  // A mutant that spoiled what outlives it would have killed those after it.
  const spoiled: string[] = [];
  for (const test of tests) {
    shortenLaws(RUNS.first, test);
    if (!(await passes(test))) spoiled.push(test.id);
  }
  await endAll();
  expect(spoiled).toEqual([]);
});
