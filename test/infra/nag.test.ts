import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { afterAll, describe, expect, it } from 'vitest';
import { addHeadroom, addRuleChecks, emptyApp } from '../../infra/headroom-app.ts';
import { STAGE_NAMES, stageConfig } from '../../infra/stages.ts';
import { plainBundles } from './plain-bundles.ts';

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

describe.each(STAGE_NAMES)('the rules of AwsSolutions and Serverless, in %s', (name) => {
  // With all that the command line can add.
  const stage = stageConfig(name, { alarmEmail: 'ops@example.org', architecture: 'arm64' });
  const outdir = mkdtempSync(join(tmpdir(), 'headroom-nag-'));
  const bundles = plainBundles();
  const app = emptyApp(outdir);
  const { service } = addHeadroom(app, stage, bundles);
  addRuleChecks(app);
  bundles.dispose();
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  it('have no open finding', () => {
    app.synth();
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
      readonly pluginReports: readonly { readonly violations: readonly unknown[] }[];
    };
    expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  });

  it('are set aside only with a reason', () => {
    const found = acknowledgements(app);
    expect(found.length).toBeGreaterThan(0);
    for (const { path, id, reason } of found) {
      expect(reason.length, `${path} ${id}`).toBeGreaterThan(20);
    }
  });

  it('are set aside for one construct and one finding, never for a stack', () => {
    for (const { path, id } of acknowledgements(app)) {
      expect(path.split('/').length, `${path} ${id}`).toBeGreaterThan(1);
      expect(id).not.toMatch(/IAM5$/);
    }
  });

  it('would fail the synthesis of a naive bucket or queue', () => {
    new Bucket(service, 'NaiveBucket');
    new Queue(service, 'NaiveQueue');
    const message = thrownBy(() => app.synth({ force: true }));
    expect(message).toContain('AwsSolutions-S1');
    expect(message).toContain('Serverless-SQSRedrivePolicy');
  });
});

function thrownBy(action: () => void): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return '';
}
