import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const FORBIDDEN = [
  "Number('1.5')",
  "new Number('1.5')",
  "['1.5'].map(Number)",
  "globalThis.Number('1.5')",
  'Number.EPSILON',
  "parseFloat('1.5')",
  "Number.parseFloat('1.5')",
  "+'1.5'",
  'total.toFixed(2)',
  'total.toPrecision(2)',
  'total.toExponential()',
  "total.toLocaleString('en', {})",
  '0.1',
  '.5',
  '1.5e3',
  '1e-2',
  'Math.round(total)',
  "Math['round'](total)",
  'Math.fround(total)',
  'Math.PI',
];
const ALLOWED = [
  "Number.parseInt('12', 10)",
  'Number.isInteger(total)',
  'Math.min(1, Math.max(total, 2))',
  'Math.ceil(Math.floor(total) / 2)',
  '1_000 + 0x1e5 + 1e3 + total',
  "152n * 10n ** 2n + BigInt('3')",
  "'0.5'.padStart(4)",
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-lint-'));
  const { plugins } = JSON.parse(await readFile('biome.json', 'utf8')) as {
    plugins: { path: string; includes: string[] }[];
  };
  const config = {
    plugins: plugins.map(({ path, includes }) => ({ path: resolve(path), includes })),
    linter: { rules: { preset: 'none' } },
    formatter: { enabled: false },
    assist: { enabled: false },
  };
  await writeFile(join(folder, 'biome.json'), JSON.stringify(config));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The expressions of a file that our rules report, as `biome ci` does. */
async function reported(path: string, expressions: readonly string[]): Promise<string[]> {
  const lines = expressions.map((one, index) => `export const v${index} = ${one};`);
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${['declare const total: number;', ...lines].join('\n')}\n`);
  const biome = resolve('node_modules/.bin/biome');
  const args = ['ci', '--reporter=github', '--max-diagnostics=200', path];
  const { code, stdout } = await run(biome, args, { cwd: folder }).then(
    (answer) => ({ ...answer, code: 0 }),
    (error: { code: number; stdout: string }) => error,
  );
  const found = [...stdout.matchAll(/::error .*?\bline=(\d+),/g)];
  expect(code).toBe(found.length === 0 ? 0 : 1);
  const numbers = new Set(found.map(([, line]) => Number(line) - 2));
  return expressions.filter((_, index) => numbers.has(index));
}

it.each(['lib/money', 'lib/decimal', 'lib/rating/models', 'lib/billing', 'lib/closing'])(
  'refuses floats in %s, each way to one',
  async (place) => {
    expect(await reported(`${place}/sum.ts`, FORBIDDEN)).toEqual(FORBIDDEN);
  },
);

it('lets whole numbers be', async () => {
  expect(await reported('lib/money/whole.ts', ALLOWED)).toEqual([]);
});

it('lets numbers be floats where no money is', async () => {
  expect(await reported('lib/forecasting/sum.ts', FORBIDDEN)).toEqual([]);
});

it('lets paper have fractions of a point, but no amount of money as one', async () => {
  const found = await reported('lib/billing/export/pdf/page.ts', ["Number('1.5')", '7.5']);
  expect(found).toEqual(["Number('1.5')"]);
});
