import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, functionCatalogue } from '../../infra/function-catalogue.ts';
import { stageConfig } from '../../infra/stages.ts';
import { type Resource, resourcesOf, synthesized } from './synthesized.ts';

interface FunctionProperties {
  readonly Description: string;
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
}

describe.each(['local', 'prod'] as const)('the service of %s', (name) => {
  const stage = stageConfig(name);
  const catalogue = functionCatalogue(stage);
  const { service } = synthesized(name);
  const of = (type: string): readonly (readonly [string, Resource])[] =>
    Object.entries(resourcesOf(service, type));
  const functions = Object.fromEntries(
    of('AWS::Lambda::Function').map(([, { Properties }]) => {
      const { Environment } = Properties as unknown as FunctionProperties;
      return [String(Environment.Variables['POWERTOOLS_SERVICE_NAME']), Properties];
    }),
  );

  it('has every function, with explicit limits, its own log group, JSON logs and traces', () => {
    expect(Object.keys(functions).sort()).toEqual([...FUNCTION_NAMES].sort());
    const logGroups = new Set<string>();
    for (const fn of FUNCTION_NAMES) {
      const spec = catalogue[fn];
      expect(functions[fn], fn).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: [stage.architecture],
        MemorySize: spec.memoryMib,
        Timeout: spec.timeoutSeconds,
        EphemeralStorage: { Size: spec.diskMib },
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
      });
      logGroups.add(JSON.stringify(functions[fn]?.['LoggingConfig']));
    }
    expect(logGroups.size).toBe(FUNCTION_NAMES.length);
    for (const [id, { Properties }] of of('AWS::Logs::LogGroup')) {
      expect(Properties['RetentionInDays'], id).toBe(stage.retention.logs);
    }
  });

  it('has nothing but what is declared: no custom resource and no managed policy', () => {
    const types = Object.values(service.toJSON()['Resources'] as Record<string, Resource>).map(
      ({ Type }) => Type,
    );
    expect(types.filter((type) => /^Custom::|CustomResource/.test(type))).toEqual([]);
    for (const [id, { Properties }] of of('AWS::IAM::Role')) {
      expect(Properties, id).not.toHaveProperty('ManagedPolicyArns');
    }
    expect(of('AWS::IAM::Policy')).toEqual([]);
  });

  it('reserves concurrency only where an account is expected to have some', () => {
    const reserved = FUNCTION_NAMES.filter(
      (fn) => functions[fn]?.['ReservedConcurrentExecutions'] !== undefined,
    );
    expect(reserved).toEqual(name === 'prod' ? ['meter', 'sweep', 'compact'] : []);
  });

  it('frees the day of a metering function that died within half a minute', () => {
    const { Variables } = (functions['meter'] as unknown as FunctionProperties).Environment;
    expect(Number(Variables['LEASE_SECONDS'])).toBeLessThanOrEqual(30);
  });

  it('reports failed messages one by one and sets them aside after five receives', () => {
    for (const [id, { Properties }] of of('AWS::Lambda::EventSourceMapping')) {
      expect(Properties['FunctionResponseTypes'], id).toEqual(['ReportBatchItemFailures']);
    }
    const queues = of('AWS::SQS::Queue');
    for (const [id, { Properties }] of queues) {
      expect(Properties, id).toMatchObject({
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 14 * 86_400,
        ...(id.includes('DeadLetters') ? {} : { RedrivePolicy: { maxReceiveCount: 5 } }),
      });
    }
    const visibility = (prefix: string) =>
      queues.find(([id]) => id.startsWith(`${prefix}Queue`) && !id.includes('DeadLetters'))?.[1]
        .Properties['VisibilityTimeout'];
    expect(visibility('Wakeup')).toBe(6 * catalogue.wake.timeoutSeconds);
    expect(visibility('Export')).toBe(6 * catalogue.export.timeoutSeconds);
  });

  it('gathers landing objects for the window of the stage, ten at a time', () => {
    const landing = of('AWS::Lambda::EventSourceMapping').find(([id]) => id.startsWith('Ingest'));
    expect(landing?.[1].Properties).toMatchObject({
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: stage.batchingWindowSeconds,
      ScalingConfig: { MaximumConcurrency: stage.ingestConcurrency },
    });
  });

  it('lets queues be reached over TLS only', () => {
    const policies = of('AWS::SQS::QueuePolicy');
    expect(policies.length).toBe(of('AWS::SQS::Queue').length);
    for (const [id, { Properties }] of policies) {
      expect(JSON.stringify(Properties), id).toContain('"aws:SecureTransport":"false"');
    }
  });

  it('runs by the clock as the stage says', () => {
    const rules = Object.fromEntries(
      of('AWS::Events::Rule').map(([id, { Properties }]) => [id, Properties]),
    );
    const expressions = Object.values(rules).map((rule) => rule['ScheduleExpression']);
    expect(expressions.sort()).toEqual(Object.values(stage.schedules).sort());
    const close = Object.entries(rules).find(([id]) => id.startsWith('SchedulesClose'))?.[1];
    expect(close?.['Targets']).toEqual([
      expect.objectContaining({ Input: '{"period":"previous","actor":"schedule","issue":false}' }),
    ]);
  });

  it('tells somebody of every alarm, and what to do', () => {
    const alarms = of('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(2 * FUNCTION_NAMES.length);
    for (const [id, { Properties }] of alarms) {
      expect(Properties['AlarmActions'], id).toEqual([{ Ref: expect.stringMatching(/^Alarms/) }]);
      expect(String(Properties['AlarmDescription']).length, id).toBeGreaterThan(60);
      expect(Properties['TreatMissingData'], id).toBe('notBreaching');
    }
    for (const fn of FUNCTION_NAMES) {
      const watched = alarms.filter(([, { Properties }]) =>
        String(Properties['AlarmDescription']).startsWith(`The function ${fn} `),
      );
      expect(watched.length, fn).toBe(2);
    }
  });

  it('lets CloudWatch publish alarms through the encrypted topic', () => {
    const [topic] = of('AWS::SNS::Topic');
    expect(topic?.[1].Properties).toHaveProperty('KmsMasterKeyId');
    const [policy] = of('AWS::SNS::TopicPolicy');
    expect(JSON.stringify(policy)).toContain('"Service":"cloudwatch.amazonaws.com"');
    const keys = JSON.stringify(of('AWS::KMS::Key'));
    expect(keys).toContain('"Service":"cloudwatch.amazonaws.com"');
    expect(keys).toContain('"EnableKeyRotation":true');
  });

  it('carries the tags by which costs are told apart', () => {
    for (const fn of FUNCTION_NAMES) {
      const tags = functions[fn]?.['Tags'] as readonly { Key: string; Value: string }[];
      expect(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])), fn).toEqual({
        app: 'headroom',
        stage: name,
        owner: stage.tags.owner,
        'cost-centre': stage.tags.costCentre,
        'data-class': 'internal',
      });
    }
  });
});

it('sends alarms to the address of the command line', () => {
  const { service } = synthesized('dev', { alarmEmail: 'ops@example.org' });
  const [subscription] = Object.values(resourcesOf(service, 'AWS::SNS::Subscription'));
  expect(subscription?.Properties).toMatchObject({
    Protocol: 'email',
    Endpoint: 'ops@example.org',
  });
});

it('builds every function for arm64 when asked', () => {
  const { service } = synthesized('dev', { architecture: 'arm64' });
  for (const { Properties } of Object.values(resourcesOf(service, 'AWS::Lambda::Function'))) {
    expect(Properties['Architectures']).toEqual(['arm64']);
  }
});
