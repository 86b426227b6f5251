import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchitectureName } from '../stages.ts';

export const DUCKDB_PACKAGE = '@duckdb/node-api';
const BINDINGS_PACKAGE = '@duckdb/node-bindings';

export interface StagingOptions {
  readonly root: string;
  readonly architecture: ArchitectureName;
  /** Folder of the asset: packages go to its `node_modules`. */
  readonly target: string;
}

interface PackageManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Copies DuckDB, the packages it needs and the native library for the architecture from `node_modules`.
 * Runs no npm and needs no network: what `npm ci` installed is what gets deployed.
 * @throws Error with the npm command to run when the native library is not installed
 */
export function stageDuckdb({ root, architecture, target }: StagingOptions): void {
  const native = nativePackage(architecture);
  if (!existsSync(join(root, 'node_modules', native))) {
    throw new Error(missingNative(root, architecture, native));
  }
  for (const name of [...closure(root, DUCKDB_PACKAGE), native]) {
    cpSync(join(root, 'node_modules', name), join(target, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (path) => !/\.(d\.ts|map|md)$/.test(path),
    });
  }
}

/** Lambda runs on glibc: the musl builds are never it. */
function nativePackage(architecture: ArchitectureName): string {
  return `${BINDINGS_PACKAGE}-linux-${architecture === 'arm64' ? 'arm64' : 'x64'}`;
}

function missingNative(root: string, architecture: ArchitectureName, native: string): string {
  const version = manifest(root, BINDINGS_PACKAGE).optionalDependencies?.[native];
  return (
    `DuckDB for architecture ${architecture} is not installed. Run\n` +
    // By force, since npm refuses what is for another machine; --cpu would take away what is for this one.
    `  npm install --no-save --force --ignore-scripts ${native}@${version}\n` +
    'and synthesize again.'
  );
}

/** The package and all that it depends on, sorted by name. */
function closure(root: string, name: string, found = new Set<string>()): readonly string[] {
  if (!found.has(name)) {
    found.add(name);
    for (const dependency of Object.keys(manifest(root, name).dependencies ?? {})) {
      closure(root, dependency, found);
    }
  }
  return [...found].sort();
}

function manifest(root: string, name: string): PackageManifest {
  const path = join(root, 'node_modules', name, 'package.json');
  if (!existsSync(path)) throw new Error(`package ${name} is not installed: run npm ci`);
  return JSON.parse(readFileSync(path, 'utf8')) as PackageManifest;
}
