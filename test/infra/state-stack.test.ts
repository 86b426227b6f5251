import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionCatalogue } from '../../infra/function-catalogue.ts';
import { stageConfig } from '../../infra/stages.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

/** Renaming one of them would make CloudFormation create an empty one beside it. */
const LOGICAL_IDS = {
  'AWS::S3::Bucket': [
    'AccessLogs8B620ECA',
    'Documents7E5B2978',
    'Exports25637AFB',
    'Lake5F1B88EA',
    'LandingF95672E9',
  ],
  'AWS::DynamoDB::Table': ['TableCD117FA1'],
  'AWS::SQS::Queue': ['LandingQueue8FE16D0D', 'LandingQueueDeadLetters0418C9EC'],
  'AWS::KMS::Key': ['DocumentsKeyF8AA898C'],
};

describe.each(['local', 'prod'] as const)('what %s keeps', (name) => {
  const stage = stageConfig(name);
  const { state } = synthesized(name);
  const buckets = resourcesOf(state, 'AWS::S3::Bucket');
  const bucket = (prefix: string) => {
    const found = Object.entries(buckets).find(([id]) => id.startsWith(prefix));
    if (found === undefined) throw new Error(`no bucket ${prefix}`);
    return found[1].Properties;
  };

  it('stays under the same logical ids', () => {
    expect(
      Object.fromEntries(
        ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::KMS::Key'].map(
          (type) => [type, Object.keys(resourcesOf(state, type)).sort()],
        ),
      ),
    ).toEqual(LOGICAL_IDS);
  });

  it('outlives its stack', () => {
    for (const type of Object.keys(LOGICAL_IDS)) {
      for (const [id, resource] of Object.entries(resourcesOf(state, type))) {
        expect(resource.DeletionPolicy, id).toBe('Retain');
        expect(resource.UpdateReplacePolicy, id).toBe('Retain');
      }
    }
  });

  it('is versioned, encrypted and private in every bucket, and asks for TLS 1.2', () => {
    const policies = Object.values(resourcesOf(state, 'AWS::S3::BucketPolicy'));
    for (const [id, { Properties }] of Object.entries(buckets)) {
      expect(Properties, id).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
      });
      const denials = JSON.stringify(
        policies.filter(({ Properties: policy }) => JSON.stringify(policy['Bucket']).includes(id)),
      );
      expect(denials, id).toContain('"aws:SecureTransport":"false"');
      expect(denials, id).toContain('"s3:TlsVersion":1.2');
    }
  });

  it('logs every access to the buckets that hold data', () => {
    for (const prefix of ['Landing', 'Lake', 'Documents', 'Exports']) {
      expect(bucket(prefix)).toMatchObject({
        LoggingConfiguration: { LogFilePrefix: `${prefix}/` },
      });
    }
  });

  it('loses nothing but abandoned uploads, old versions, exports and access logs', () => {
    const rules = (prefix: string) =>
      (
        bucket(prefix)['LifecycleConfiguration'] as {
          Rules: readonly Readonly<Record<string, unknown>>[];
        }
      ).Rules;
    for (const prefix of ['Landing', 'Lake', 'Documents', 'Exports', 'AccessLogs']) {
      expect(rules(prefix)).toContainEqual(
        expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
      );
    }
    const expiring = (prefix: string) =>
      rules(prefix).filter((rule) => 'ExpirationInDays' in rule).length;
    expect(['Landing', 'Lake', 'Documents', 'Exports', 'AccessLogs'].map(expiring)).toEqual([
      0, 0, 0, 1, 1,
    ]);
    const noncurrent = (prefix: string) =>
      rules(prefix).filter((rule) => 'NoncurrentVersionExpiration' in rule).length;
    expect(['Landing', 'Lake', 'Documents'].map(noncurrent)).toEqual([1, 1, 0]);
  });

  it('keeps bills under object lock and a key of their own', () => {
    expect(bucket('Documents')).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: {
          DefaultRetention: { Mode: stage.objectLock.mode, Days: stage.objectLock.days },
        },
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': [LOGICAL_IDS['AWS::KMS::Key'][0], 'Arn'] },
            },
          },
        ],
      },
    });
    state.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('can be brought back from any second of the last 35 days', () => {
    state.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 35,
      },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          KeySchema: [
            { AttributeName: 'gsi1pk', KeyType: 'HASH' },
            { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
  });

  it('tells the landing queue of every object in a region, by the bucket itself', () => {
    expect(bucket('Landing')['NotificationConfiguration']).toEqual({
      QueueConfigurations: [
        {
          Event: 's3:ObjectCreated:*',
          Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'region=' }] } },
          Queue: { 'Fn::GetAtt': [expect.stringMatching(/^LandingQueue/), 'Arn'] },
        },
      ],
    });
    state.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 's3.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  it('gives ingest six times its timeout before a landing message comes back', () => {
    state.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 6 * functionCatalogue(stage).ingest.timeoutSeconds,
      RedrivePolicy: { maxReceiveCount: 5 },
    });
  });
});

it('the stack cannot be deleted by accident', () => {
  const { app } = synthesized('prod');
  const stack = app.node.findChild('headroom-prod-state') as { terminationProtection?: boolean };
  expect(stack.terminationProtection).toBe(true);
});

it('prod locks bills for ten years, and nobody can shorten it', () => {
  expect(stageConfig('prod').objectLock).toEqual({ mode: 'COMPLIANCE', days: 3653 });
});
