import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import { vi } from 'vitest';
import { addHeadroom, emptyApp } from '../../infra/headroom-app.ts';
import { type StageName, type StageOverrides, stageConfig } from '../../infra/stages.ts';
import { plainBundles } from './plain-bundles.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

export interface Synthesized {
  readonly app: IConstruct;
  readonly state: Template;
  readonly service: Template;
}

/** Both stacks of a stage, synthesized in a folder that is gone when this returns; nag.test.ts checks the rules. */
export function synthesized(stageName: StageName, overrides: StageOverrides = {}): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'headroom-synth-'));
  const bundles = plainBundles();
  // CDK's own check of templates takes longer than all the rest; nag.test.ts has it.
  vi.stubEnv('CDK_VALIDATION', 'false');
  try {
    const app = emptyApp(outdir);
    const { state, service } = addHeadroom(app, stageConfig(stageName, overrides), bundles);
    app.synth();
    return {
      app,
      state: Template.fromStack(state),
      service: Template.fromStack(service),
    };
  } finally {
    vi.unstubAllEnvs();
    bundles.dispose();
    rmSync(outdir, { recursive: true, force: true });
  }
}

export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  return template.findResources(type) as unknown as Record<string, Resource>;
}
