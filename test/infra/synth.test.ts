import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { addHeadroom, emptyApp } from '../../infra/headroom-app.ts';
import { stageConfig } from '../../infra/stages.ts';
import { filesUnder } from './files-under.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** As the CDK command line does it: bundle, construct, synthesize; nag.test.ts checks the rules. */
async function synth(): Promise<Readonly<Record<string, string>>> {
  const outdir = mkdtempSync(join(tmpdir(), 'headroom-synth-'));
  folders.push(outdir);
  const stage = stageConfig('dev');
  const bundles = await bundleFunctions({ root: ROOT, architecture: stage.architecture });
  const app = emptyApp(outdir);
  addHeadroom(app, stage, bundles);
  bundles.dispose();
  vi.stubEnv('CDK_VALIDATION', 'false');
  app.synth();
  vi.unstubAllEnvs();
  return filesUnder(outdir);
}

it('the same sources give the same bytes, templates and assets alike', {
  timeout: 120_000,
}, async () => {
  const first = await synth();
  const second = await synth();
  expect(Object.keys(first)).toContain('headroom-dev-service.template.json');
  expect(Object.keys(first).filter((path) => path.endsWith('.mjs')).length).toBe(18);
  expect(second).toEqual(first);
});
