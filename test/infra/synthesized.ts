import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import { addHeadroom, emptyApp } from '../../infra/headroom-app.ts';
import { type StageName, stageConfig } from '../../infra/stages.ts';
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
  /** As `cdk.out/validation-report.json` has it. */
  readonly report: {
    readonly pluginReports: readonly { readonly violations: readonly unknown[] }[];
  };
}

/** Both stacks of a stage, synthesized in a folder that is gone when this returns. */
export function synthesized(stageName: StageName): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'headroom-synth-'));
  const bundles = plainBundles();
  try {
    const app = emptyApp(outdir);
    const { state, service } = addHeadroom(app, stageConfig(stageName), bundles);
    app.synth();
    return {
      app,
      state: Template.fromStack(state),
      service: Template.fromStack(service),
      report: JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')),
    };
  } finally {
    bundles.dispose();
    rmSync(outdir, { recursive: true, force: true });
  }
}

export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  return template.findResources(type) as unknown as Record<string, Resource>;
}
