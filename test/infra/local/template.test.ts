import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../infra/local/template/assembly.ts';
import type { Plan } from '../../../infra/local/template/plan.ts';
import { readPlan } from '../../../infra/local/template/read-plan.ts';
import { Resolver } from '../../../infra/local/template/resolver.ts';

const environment = {
  region: 'eu-central-1',
  endpoints: {
    api: 'http://127.0.0.1:1',
    dynamodb: 'http://127.0.0.1:2',
    s3: 'http://127.0.0.1:3',
    sqs: 'http://127.0.0.1:4',
    states: 'http://127.0.0.1:5',
    secrets: 'http://127.0.0.1:6',
    events: 'http://127.0.0.1:7',
  },
};

interface EditableTemplate {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  Conditions?: Record<string, unknown>;
  Mappings?: Record<string, unknown>;
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'headroom-assembly-'));
  cpSync(new URL('./fixtures/assembly', import.meta.url).pathname, directory, { recursive: true });
  mkdirSync(join(directory, 'asset.handlers'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function planOf(
  stack: 'FixtureState' | 'FixtureService' = 'FixtureState',
  edit: (template: EditableTemplate) => void = () => {},
): Plan {
  const file = join(directory, `${stack}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as EditableTemplate;
  edit(template);
  writeFileSync(file, JSON.stringify(template));
  return readPlan(readAssembly(directory), environment);
}

function setProperty(logicalId: string, property: string, value: unknown) {
  return ({ Resources }: EditableTemplate) => {
    const resource = Resources[logicalId];
    if (resource !== undefined) resource.Properties[property] = value;
  };
}

describe('reading an assembly', () => {
  it('gives functions the names of resources of another stack', () => {
    const plan = planOf();
    const [bucket] = plan.buckets;
    const [table] = plan.tables;
    const ingest = plan.functions.find(({ logicalId }) => logicalId === 'Ingest');
    expect(ingest?.environment).toEqual({ TABLE_NAME: table?.name, LANDING_BUCKET: bucket?.name });
    expect(ingest).toMatchObject({ handler: 'ingest.handler', memoryMib: 256, timeoutSeconds: 2 });
    expect(ingest?.directory).toBe(join(directory, 'asset.handlers'));
  });

  it('names buckets as S3 allows', () => {
    for (const { name } of planOf().buckets)
      expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  });

  it('finds the queue of a notification, an event source and a dead-letter queue', () => {
    const { buckets, eventSources, queues } = planOf();
    const [landing, dead] = queues;
    expect(buckets[0]?.notifications).toEqual([
      {
        events: ['s3:ObjectCreated:*'],
        queueArn: landing?.arn,
        prefix: 'region=',
        suffix: '',
      },
    ]);
    expect(eventSources[0]).toMatchObject({ queueArn: landing?.arn, partialFailures: true });
    expect(JSON.parse(landing?.attributes['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: dead?.arn,
      maxReceiveCount: 3,
    });
  });

  it('fills a definition that is given in pieces, and one with substitutions', () => {
    const [machine, slow] = planOf().machines;
    const step = planOf().functions.find(({ logicalId }) => logicalId === 'Step');
    expect(JSON.stringify(machine?.definition)).toContain(`"FunctionName":"${step?.arn}"`);
    expect(JSON.stringify(slow?.definition)).toContain(`"FunctionName":"${step?.arn}"`);
  });

  it('tells what it leaves out and why', () => {
    const ignored = Object.fromEntries(planOf().ignored.map(({ id, why }) => [id, why]));
    expect(ignored).toEqual({
      'FixtureState/NotificationsHandler': 'serves a custom resource while deploying',
      'FixtureService/Role': 'permissions are not checked on one machine',
      'FixtureService/Alarm': 'nobody is paged by one machine',
    });
  });

  it('leaves out resources whose condition does not hold', () => {
    const plan = planOf('FixtureState', (template) => {
      template.Conditions = { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'mars'] } };
      template.Resources['Extra'] = {
        Type: 'AWS::Mystery::Thing',
        Properties: {},
        ...{ Condition: 'Never' },
      };
    });
    expect(plan.queues).toHaveLength(2);
  });
});

describe('what is not known stops the start and is named', () => {
  it.each([
    {
      what: 'a type',
      edit: (template: EditableTemplate) => {
        template.Resources['Search'] = { Type: 'AWS::OpenSearch::Domain', Properties: {} };
      },
      message: /FixtureState, resource Search: type AWS::OpenSearch::Domain is not known/,
    },
    {
      what: 'a property',
      edit: setProperty('LandingQueue', 'FifoQueue', true),
      message: /resource LandingQueue \(AWS::SQS::Queue\), property FifoQueue: is not known/,
    },
    {
      what: 'a property deep inside another',
      edit: setProperty('LandingQueue', 'RedrivePolicy', {
        deadLetterTargetArn: 'x',
        maxReceiveCount: 1,
        surprise: 1,
      }),
      message: /LandingQueue \(AWS::SQS::Queue\), property RedrivePolicy.surprise: is not known/,
    },
    {
      what: 'a value',
      edit: setProperty('Items', 'BillingMode', 'BARTER'),
      message: /resource Items \(AWS::DynamoDB::Table\), property BillingMode: /,
    },
    {
      what: 'an event that is not raised',
      edit: setProperty('Landing', 'NotificationConfiguration', {
        QueueConfigurations: [{ Event: 's3:ObjectRemoved:*', Queue: 'arn:aws:sqs:x' }],
      }),
      message: /resource Landing .* the event s3:ObjectRemoved:\* is not raised here/,
    },
    {
      what: 'an attribute of a resource',
      edit: setProperty('Landing', 'BucketName', { 'Fn::GetAtt': ['Items', 'StreamArn'] }),
      message: /resource Items \(AWS::DynamoDB::Table\): attribute StreamArn is not known/,
    },
    {
      what: 'a reference to nothing',
      edit: setProperty('Landing', 'BucketName', { Ref: 'Nobody' }),
      message: /FixtureState: nothing in it is called Nobody/,
    },
    {
      what: 'a function of CloudFormation',
      edit: setProperty('Landing', 'BucketName', { 'Fn::Cidr': [] }),
      message: /the function Fn::Cidr is not known/,
    },
  ])('$what', ({ edit, message }) => {
    expect(() => planOf('FixtureState', edit)).toThrow(message);
  });

  it.each([
    {
      what: 'a schedule in a time zone that is not run',
      id: 'TickRule',
      property: 'ScheduleExpression',
      value: 'cron(0 3 * * * *)',
      message: /TickRule \(AWS::Events::Rule\), property ScheduleExpression: .* must be \?/,
    },
    {
      what: 'a target that is none',
      id: 'TickRule',
      property: 'Targets',
      value: [{ Id: 'x', Arn: 'arn:aws:sns:eu-central-1:1:topic' }],
      message: /TickRule .* is neither a function nor a state machine/,
    },
    {
      what: 'code that the assembly lacks',
      id: 'Tick',
      property: 'Code',
      value: { S3Bucket: 'b', S3Key: 'lost.zip' },
      message: /Tick .*the assembly has no directory for lost.zip/,
    },
    {
      what: 'an event source that is no queue',
      id: 'IngestSource',
      property: 'EventSourceArn',
      value: 'arn:aws:kinesis:eu-central-1:1:stream/x',
      message: /IngestSource .* is no queue/,
    },
  ])('$what', ({ id, property, value, message }) => {
    expect(() => planOf('FixtureService', setProperty(id, property, value))).toThrow(message);
  });

  it('a directory that is no assembly', () => {
    expect(() => readAssembly(tmpdir())).toThrow(/manifest.json is missing: is this the output/);
  });
});

/** CloudFormation writes variables as TypeScript's templates do. */
const variables = (text: string) => text.replaceAll('<', '$'.concat('{')).replaceAll('>', '}');

describe('functions of CloudFormation', () => {
  it.each([
    { given: { Ref: 'AWS::Region' }, result: 'eu-central-1' },
    { given: { Ref: 'AWS::AccountId' }, result: '000000000000' },
    { given: { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Partition' }]] }, result: 'a-aws' },
    { given: { 'Fn::Select': ['1', ['a', 'b']] }, result: 'b' },
    { given: { 'Fn::Select': [0, { 'Fn::Split': ['/', 'x/y'] }] }, result: 'x' },
    {
      given: { 'Fn::Sub': variables('<AWS::Region>/<!Literal>') },
      result: variables('eu-central-1/<Literal>'),
    },
    {
      given: { 'Fn::Sub': [variables('<X>-<LandingQueue.QueueName>'), { X: 'x' }] },
      result: /^x-FixtureS/,
    },
    { given: { 'Fn::Base64': 'ab' }, result: 'YWI=' },
    { given: { 'Fn::If': ['Yes', 1, 2] }, result: 1 },
    { given: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, result: undefined },
    { given: [1, { Ref: 'AWS::NoValue' }], result: [1] },
    { given: { a: { Ref: 'AWS::NoValue' }, b: 1 }, result: { b: 1 } },
    { given: { 'Fn::FindInMap': ['Sizes', 'eu', 'n'] }, result: 3 },
    {
      given: { 'Fn::GetAtt': 'LandingQueue.Arn' },
      result: /^arn:aws:sqs:eu-central-1:000000000000:F/,
    },
  ])('$given', ({ given, result }) => {
    const assembly = readAssembly(directory);
    const [stack] = assembly.stacks;
    if (stack === undefined) throw new Error('the fixture has no stack');
    stack.template.Conditions = {
      Yes: { 'Fn::Not': [{ Condition: 'No' }] },
      No: { 'Fn::Equals': ['a', 'b'] },
    };
    stack.template.Mappings = { Sizes: { eu: { n: 3 } } };
    const value = new Resolver(assembly, environment).resolve(stack, given);
    if (result instanceof RegExp) expect(value).toMatch(result);
    else expect(value).toEqual(result);
  });
});
