import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const fixtures = new URL('./fixtures/', import.meta.url).pathname;

/** A cloud assembly with bundled handlers, in a directory of its own below the repository. */
export async function buildFixture(): Promise<string> {
  // Below the repository, so that a fall-back on its node_modules would show.
  const parent = join(fixtures, '../../../../cdk.out/test');
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'local-'));
  await cp(join(fixtures, 'assembly'), directory, { recursive: true });
  const handlers = join(fixtures, 'handlers');
  await build({
    entryPoints: ['http', 'ingest', 'step', 'tick'].map((name) => join(handlers, `${name}.mjs`)),
    outdir: join(directory, 'asset.handlers'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: true,
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  await cp(join(handlers, 'outside.mjs'), join(directory, 'asset.handlers', 'outside.mjs'));
  return directory;
}

export async function removeFixture(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

export async function temporaryData(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'headroom-local-'));
}
