import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundles, bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { FONT_FILES } from '../../infra/bundling/font-packages.ts';
import {
  CARRIES,
  FUNCTION_NAMES,
  type FunctionName,
  WRITES_PAPER,
} from '../../infra/function-catalogue.ts';
import { filesUnder } from './files-under.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const PACKAGES = ['@duckdb/node-api', '@duckdb/node-bindings', 'detect-libc'];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A checkout in another folder: functions of a line each, and DuckDB's packages as npm leaves them, with a
 * native library of some bytes in place of one of 70 MB.
 */
function checkout(parent: string, sources: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(parent, 'checkout-'));
  for (const path of ['package.json', ...PACKAGES.map((name) => `node_modules/${name}`)]) {
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  addNative(root, 'x64');
  addFonts(root);
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(root, 'functions', name), { recursive: true });
    writeFileSync(
      join(root, 'functions', name, 'index.ts'),
      sources[name] ?? `export const handler = async (event: unknown) => ['${name}', event];\n`,
    );
  }
  return root;
}

/** Some bytes in place of each. */
function addFonts(root: string): void {
  for (const [name, files] of Object.entries(FONT_FILES)) {
    for (const file of files) {
      const path = join(root, 'node_modules', name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file);
    }
  }
}

function addNative(root: string, cpu: 'x64' | 'arm64'): void {
  const folder = join(root, `node_modules/@duckdb/node-bindings-linux-${cpu}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'duckdb.node'), cpu);
}

describe('bundling', () => {
  let parent = '';
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'headroom-checkouts-'));
  });
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it('gives the same bytes in any folder', async () => {
    const bundles = await Promise.all(
      [checkout(parent), checkout(parent)].map((root) =>
        bundleFunctions({ root, architecture: 'x86_64' }),
      ),
    );
    const [one, other] = bundles.map(({ functions }) =>
      Object.values(functions).map(({ directory, handler, codeVersion, inputs }) => ({
        handler,
        codeVersion,
        inputs,
        files: filesUnder(directory),
      })),
    );
    expect(one).toEqual(other);
    for (const { dispose } of bundles) dispose();
  });

  it('makes modules that Node loads and that answer', async () => {
    const bundles = await bundleFunctions({ root: checkout(parent), architecture: 'x86_64' });
    try {
      const calls = Object.values(bundles.functions).map(({ directory, handler }) => {
        const [file, exported] = handler.split('.');
        const url = pathToFileURL(join(directory, `${file}.mjs`)).href;
        return `await (await import('${url}')).${exported}(1)`;
      });
      const printed = execFileSync(
        process.execPath,
        ['--input-type=module', '-e', `console.log(JSON.stringify([${calls.join()}]))`],
        { encoding: 'utf8' },
      );
      expect(JSON.parse(printed)).toEqual(FUNCTION_NAMES.map((name) => [name, 1]));
    } finally {
      bundles.dispose();
    }
  });

  it('changes the code version of a function with its code, and of no other', async () => {
    const versions = async (sources: Readonly<Record<string, string>>) => {
      const bundles = await bundleFunctions({
        root: checkout(parent, sources),
        architecture: 'x86_64',
      });
      bundles.dispose();
      return Object.values(bundles.functions).map(({ codeVersion }) => codeVersion);
    };
    const before = await versions({});
    const after = await versions({ rate: "export const handler = () => 'other';\n" });
    expect(FUNCTION_NAMES.filter((_, index) => before[index] !== after[index])).toEqual(['rate']);
    expect(before[0]).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/);
  });

  it('says which entries are missing', async () => {
    const root = checkout(parent);
    rmSync(join(root, 'functions/plan'), { recursive: true });
    await expect(bundleFunctions({ root, architecture: 'x86_64' })).rejects.toThrow(
      'no entry for functions/plan/index.ts: write it, or take the function out of infra/function-catalogue.ts',
    );
  });

  it('says where an entry does not build', async () => {
    const root = checkout(parent, {
      plan: "import { missing } from './missing.ts';\nmissing();\n",
    });
    await expect(bundleFunctions({ root, architecture: 'x86_64' })).rejects.toThrow(
      /functions\/plan\/index\.ts:1:24: ERROR: Could not resolve "\.\/missing\.ts"/,
    );
  });

  it('refuses DuckDB in a function that must not carry it', async () => {
    const root = checkout(parent, {
      read: "import { DuckDBInstance } from '@duckdb/node-api';\nexport const handler = () => DuckDBInstance;\n",
    });
    await expect(bundleFunctions({ root, architecture: 'x86_64' })).rejects.toThrow(
      'function read must not carry DuckDB, but its bundle has @duckdb/node-api',
    );
  });

  describe('for another architecture than the machine has', () => {
    it('names the command that installs the native library', async () => {
      const { version } = JSON.parse(
        readFileSync(join(ROOT, 'node_modules/@duckdb/node-bindings/package.json'), 'utf8'),
      ) as { version: string };
      await expect(
        bundleFunctions({ root: checkout(parent), architecture: 'arm64' }),
      ).rejects.toThrow(
        `npm install --no-save --force --ignore-scripts @duckdb/node-bindings-linux-arm64@${version}`,
      );
    });

    it('stages that native library and no other', async () => {
      const root = checkout(parent);
      addNative(root, 'arm64');
      const bundles = await bundleFunctions({ root, architecture: 'arm64' });
      const files = Object.keys(filesUnder(bundles.functions.meter.directory));
      bundles.dispose();
      expect(files.filter((path) => path.endsWith('duckdb.node'))).toEqual([
        'node_modules/@duckdb/node-bindings-linux-arm64/duckdb.node',
      ]);
    });
  });
});

const { service } = synthesized('local');

/** Variables of the template; what CloudFormation would fill in is an address where nobody listens. */
function environmentOf(name: FunctionName): Record<string, string> {
  const variables = Object.values(resourcesOf(service, 'AWS::Lambda::Function'))
    .map(({ Properties }) => Properties['Environment'] as { Variables: Record<string, unknown> })
    .map(({ Variables }) => Variables)
    .find((one) => one['POWERTOOLS_SERVICE_NAME'] === name);
  return Object.fromEntries([
    ['AWS_REGION', 'eu-west-1'],
    ...Object.entries(variables ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : 'http://127.0.0.1:1/somewhere',
    ]),
  ]);
}

const HEAVY =
  /duckdb|lib\/forecasting|augurs|lib\/billing\/export\/(pdf|xlsx)|pdfkit|fontkit|fflate/;

describe('the bundles of this checkout', () => {
  let bundles: Bundles;
  beforeAll(async () => {
    bundles = await bundleFunctions({ root: ROOT, architecture: 'x86_64' });
  });
  afterAll(() => bundles.dispose());

  it.each(['read', 'samples', 'admin'] as const)(
    'have neither DuckDB nor the forecaster, and write neither XLSX nor PDF, in %s',
    (name) => {
      const { inputs, imports, directory } = bundles.functions[name];
      expect(inputs).toContain(`functions/${name}/index.ts`);
      expect(imports.filter((path) => !isBuiltin(path))).toEqual([]);
      expect(inputs.filter((path) => HEAVY.test(path))).toEqual([]);
      expect(Object.keys(filesUnder(directory)).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    },
  );

  it('have the fonts of documents beside them, and their licences, where documents are written', () => {
    const withFonts = FUNCTION_NAMES.filter((name) =>
      Object.keys(filesUnder(bundles.functions[name].directory)).some((path) =>
        path.endsWith('.ttf'),
      ),
    );
    // The functions that carry DuckDB share the asset of `export`.
    const sharing = FUNCTION_NAMES.filter((name) => CARRIES[name] === 'duckdb');
    expect(withFonts).toEqual(
      FUNCTION_NAMES.filter((name) => WRITES_PAPER.includes(name) || sharing.includes(name)),
    );
    const files = Object.keys(filesUnder(bundles.functions.render.directory));
    expect(files).toEqual(
      expect.arrayContaining([
        'node_modules/@expo-google-fonts/noto-sans/LICENSE_FONT',
        'node_modules/@fontsource/unifontex/LICENSE',
      ]),
    );
  });

  it('stage the native library once, for the functions that carry DuckDB', () => {
    const carriers = FUNCTION_NAMES.filter((name) => CARRIES[name] === 'duckdb');
    const directories = new Set(carriers.map((name) => bundles.functions[name].directory));
    expect(directories.size).toBe(1);
    const files = Object.keys(filesUnder([...directories][0] ?? ''));
    expect(files.filter((path) => path.endsWith('libduckdb.so'))).toEqual([
      'node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so',
    ]);
    expect(files.filter((path) => /\.(d\.ts|md)$/.test(path))).toEqual([]);
  });

  it.each(FUNCTION_NAMES)('start with the environment that the template gives %s', (name) => {
    const { directory, handler } = bundles.functions[name];
    const [file] = handler.split('.');
    const url = pathToFileURL(join(directory, `${file}.mjs`)).href;
    const printed = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', `console.log(typeof (await import('${url}')).handler)`],
      { encoding: 'utf8', env: environmentOf(name) },
    );
    expect(printed).toBe('function\n');
  });

  it('name no folder of this machine', () => {
    for (const { directory } of Object.values(bundles.functions)) {
      for (const name of Object.keys(filesUnder(directory)).filter((path) =>
        /^[^/]+\.mjs(\.map)?$/.test(path),
      )) {
        expect(readFileSync(join(directory, name), 'utf8')).not.toContain(ROOT);
      }
    }
  });
});
