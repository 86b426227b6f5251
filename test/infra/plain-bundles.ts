import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundles, FunctionBundle } from '../../infra/bundling/bundle-functions.ts';
import { CARRIES, FUNCTION_NAMES, type FunctionName } from '../../infra/function-catalogue.ts';

/** Stands in for the bundles where a test looks at templates only: one line of code for each function. */
export function plainBundles(): Bundles {
  const root = mkdtempSync(join(tmpdir(), 'headroom-plain-bundles-'));
  const functions = FUNCTION_NAMES.map((name): readonly [FunctionName, FunctionBundle] => {
    const directory = join(root, CARRIES[name] === 'duckdb' ? 'duckdb' : name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${name}.mjs`), `export const handler = () => '${name}';\n`);
    return [
      name,
      {
        name,
        directory,
        handler: `${name}.handler`,
        sizeBytes: 1,
        codeVersion: 'plain',
        inputs: [],
        imports: [],
      },
    ];
  });
  return {
    functions: Object.fromEntries(functions) as Record<FunctionName, FunctionBundle>,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}
