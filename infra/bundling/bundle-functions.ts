import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { CARRIES, FUNCTION_NAMES, type FunctionName, WRITES_PAPER } from '../function-catalogue.ts';
import type { ArchitectureName } from '../stages.ts';
import { checkContents } from './bundle-contents.ts';
import { DUCKDB_PACKAGE, stageDuckdb } from './duckdb-package.ts';
import { stageFonts } from './font-packages.ts';

export interface BundleOptions {
  /** Root of the checkout: holds `functions/`, `node_modules/` and `package.json`. */
  readonly root: string;
  readonly architecture: ArchitectureName;
}

export interface FunctionBundle {
  readonly name: FunctionName;
  /** Folder of the asset; the functions that carry DuckDB share one. */
  readonly directory: string;
  /** As Lambda wants it: file name without extension, a dot, the export. */
  readonly handler: string;
  /** Of the JavaScript alone, without source map and native modules. */
  readonly sizeBytes: number;
  /** Package version and a hash of the JavaScript: the same code has the same version on any machine. */
  readonly codeVersion: string;
  /** Source files that ended up in the bundle, relative to the root, sorted. */
  readonly inputs: readonly string[];
  /** Modules and packages that it imports at run time. */
  readonly imports: readonly string[];
}

export interface Bundles {
  readonly functions: Readonly<Record<FunctionName, FunctionBundle>>;
  /** Deletes the folders; assets are copied from them while the app is constructed. */
  dispose(): void;
}

/** The folder of outputs as esbuild sees it: it is never written, so no machine's path gets into a source map. */
const VIRTUAL_OUTPUT = 'bundles';

/** CommonJS packages inside an ES module bundle call `require` for Node's own modules. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Bundles every function into a temporary folder, one folder an asset.
 * @throws Error when an entry is missing, does not build, or carries what its catalogue entry does not allow
 */
export async function bundleFunctions(options: BundleOptions): Promise<Bundles> {
  checkEntries(options.root);
  const result = await build({
    absWorkingDir: options.root,
    entryPoints: Object.fromEntries(
      FUNCTION_NAMES.map((name) => [outputStem(name), `functions/${name}/index.ts`]),
    ),
    outdir: VIRTUAL_OUTPUT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: [DUCKDB_PACKAGE],
    banner: { js: BANNER },
    sourcemap: 'linked',
    sourcesContent: false,
    minify: true,
    keepNames: true,
    legalComments: 'none',
    loader: { '.wasm': 'binary' },
    logLevel: 'silent',
  });
  const directory = mkdtempSync(join(tmpdir(), 'headroom-bundles-'));
  for (const file of result.outputFiles) {
    const target = join(directory, assetOf(file.path), basename(file.path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file.contents);
  }
  stageDuckdb({ ...options, target: join(directory, 'duckdb') });
  const withFonts = new Set(WRITES_PAPER.map((name) => dirname(outputStem(name))));
  for (const asset of withFonts) stageFonts(options.root, join(directory, asset));
  return describe(options.root, directory, result.metafile);
}

function checkEntries(root: string): void {
  const missing = FUNCTION_NAMES.filter(
    (name) => !existsSync(join(root, 'functions', name, 'index.ts')),
  );
  if (missing.length > 0) {
    throw new Error(
      `no entry for ${missing.map((name) => `functions/${name}/index.ts`).join(', ')}: ` +
        'write it, or take the function out of infra/function-catalogue.ts',
    );
  }
}

/** Folder of the asset and name of the file in it, without extension. */
function outputStem(name: FunctionName): string {
  return CARRIES[name] === 'duckdb' ? `duckdb/${name}` : `${name}/index`;
}

function assetOf(path: string): string {
  return basename(dirname(path));
}

function describe(root: string, directory: string, metafile: Metafile): Bundles {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const entries = FUNCTION_NAMES.map((name) => {
    const stem = outputStem(name);
    const output = metafile.outputs[`${VIRTUAL_OUTPUT}/${stem}.mjs`];
    if (output === undefined) throw new Error(`esbuild gave no bundle for ${name}`);
    const inputs = Object.keys(output.inputs)
      .filter((path) => (output.inputs[path]?.bytesInOutput ?? 0) > 0)
      .sort();
    const imports = [...new Set(output.imports.map(({ path }) => path))].sort();
    checkContents({ name, carries: CARRIES[name], inputs, imports });
    const code = readFileSync(join(directory, `${stem}.mjs`));
    const bundle: FunctionBundle = {
      name,
      directory: join(directory, dirname(stem)),
      handler: `${basename(stem)}.handler`,
      sizeBytes: code.length,
      codeVersion: `${version}+${createHash('sha256').update(code).digest('hex').slice(0, 12)}`,
      inputs,
      imports,
    };
    return [name, bundle] as const;
  });
  return {
    functions: Object.fromEntries(entries) as Record<FunctionName, FunctionBundle>,
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}
