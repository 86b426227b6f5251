import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { addHeadroom, emptyApp } from '../../infra/headroom-app.ts';
import { STAGE_NAMES, stageConfig } from '../../infra/stages.ts';
import { plainBundles } from './plain-bundles.ts';
import { synthesized } from './synthesized.ts';

interface Acknowledged {
  readonly path: string;
  readonly id: string;
  readonly reason: string;
}

function acknowledgements(construct: IConstruct): readonly Acknowledged[] {
  return construct.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ path: node.path, id, reason })),
  );
}

describe.each(STAGE_NAMES)('the rules of AwsSolutions and Serverless, in %s', (stage) => {
  const { app, report } = synthesized(stage);
  const found = acknowledgements(app);

  it('have no open finding', () => {
    expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  });

  it('are set aside only with a reason', () => {
    expect(found.length).toBeGreaterThan(0);
    for (const { path, id, reason } of found) {
      expect(reason.length, `${path} ${id}`).toBeGreaterThan(20);
    }
  });

  it('are set aside for one construct and one finding, never for a stack', () => {
    for (const { path, id } of found) {
      expect(path.split('/').length, `${path} ${id}`).toBeGreaterThan(1);
      expect(id).not.toMatch(/IAM5$/);
    }
  });
});

it('a naive bucket or queue in the app would fail its synthesis', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'headroom-naive-'));
  const bundles = plainBundles();
  try {
    const app = emptyApp(outdir);
    const { service } = addHeadroom(app, stageConfig('dev'), bundles);
    new Bucket(service, 'NaiveBucket');
    new Queue(service, 'NaiveQueue');
    const messages = thrownBy(() => app.synth());
    expect(messages).toContain('AwsSolutions-S1');
    expect(messages).toContain('Serverless-SQSRedrivePolicy');
  } finally {
    bundles.dispose();
    rmSync(outdir, { recursive: true, force: true });
  }
});

function thrownBy(action: () => void): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return '';
}
