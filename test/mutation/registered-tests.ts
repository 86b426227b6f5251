/**
 * What test files import in the place of `vitest` while mutants are run: they register their tests here, once, and each
 * is run as often as there are mutants that it reaches, in the process where everything is loaded already.
 */
export { expect, vi } from 'vitest';

type Work = () => unknown;
type Body = (...args: never[]) => unknown;

export interface RegisteredTest {
  readonly id: string;
  readonly file: string;
  readonly run: () => Promise<void>;
}

interface Suite {
  readonly name: string;
  readonly parent: Suite | null;
  readonly before: Work[];
  readonly after: Work[];
  readonly beforeEach: Work[];
  readonly afterEach: Work[];
  hasBegun: boolean;
}

const tests: RegisteredTest[] = [];
const endings: Work[] = [];
let suite = suiteOf('', null);
let finishing: Work[] = [];

function suiteOf(name: string, parent: Suite | null): Suite {
  const hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
  return { name, parent, hasBegun: false, ...hooks };
}

/** Registers the tests of a file. */
export async function register(file: string, load: () => Promise<unknown>): Promise<void> {
  suite = suiteOf(file, null);
  await load();
}

export function registeredTests(): readonly RegisteredTest[] {
  return tests;
}

/** Runs what the files do after all their tests. */
export async function endAll(): Promise<void> {
  for (const end of endings) await end();
}

export function describe(name: string, body: Work): void {
  const parent = suite;
  suite = suiteOf(`${parent.name} > ${name}`, parent);
  body();
  suite = parent;
}

export function it(name: string, body: Body): void {
  const own = suite;
  const file = chainOf(own)[0]?.name ?? '';
  const run = () => runOnce(own, body as Work);
  tests.push({ id: `${own.name} > ${name} #${tests.length}`, file, run });
}

/** As vitest has it: rows are spread when all of them are lists. */
it.each = (table: readonly unknown[]) => (name: string, body: Body) => {
  const isSpread = table.every(Array.isArray);
  for (const row of table) {
    const args = isSpread ? (row as readonly unknown[]) : [row];
    it(name, () => body(...(args as never[])));
  }
};

export const beforeAll = (work: Work) => void suite.before.push(work);
export const afterAll = (work: Work) => void endings.push(work);
export const beforeEach = (work: Work) => void suite.beforeEach.push(work);
export const afterEach = (work: Work) => void suite.afterEach.push(work);
export const onTestFinished = (work: Work) => void finishing.push(work);

/** From the file's own to the innermost. */
function chainOf(innermost: Suite): Suite[] {
  const chain: Suite[] = [];
  for (let one: Suite | null = innermost; one !== null; one = one.parent) chain.unshift(one);
  return chain;
}

async function runOnce(own: Suite, body: Work): Promise<void> {
  const chain = chainOf(own);
  finishing = [];
  try {
    for (const one of chain) {
      if (!one.hasBegun) for (const work of one.before) await work();
      one.hasBegun = true;
    }
    for (const one of chain) for (const work of one.beforeEach) await work();
    await body();
  } finally {
    for (const one of chain.toReversed()) for (const work of one.afterEach) await work();
    for (const work of finishing) await work();
  }
}
