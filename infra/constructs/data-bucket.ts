import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stages.ts';

export interface DataBucketProps {
  /** Null for the bucket that takes the access logs of the others. */
  readonly accessLogs: Bucket | null;
  readonly lifecycleRules: readonly LifecycleRule[];
  /** Null encrypts with S3's own key. */
  readonly key?: Key;
  /** Locks every object for this long from its put. */
  readonly objectLock?: StageConfig['objectLock'];
}

/** A private, versioned bucket over TLS only that outlives its stack. */
export class DataBucket extends Bucket {
  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'abort-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...props.lifecycleRules,
      ],
      ...encryption(props.key),
      ...(props.accessLogs === null
        ? {}
        : {
            // CDK's own class misses its interface under exactOptionalPropertyTypes.
            serverAccessLogsBucket: props.accessLogs as IBucket,
            serverAccessLogsPrefix: `${id}/`,
          }),
      ...(props.objectLock === undefined
        ? {}
        : { objectLockEnabled: true, objectLockDefaultRetention: retention(props.objectLock) }),
    });
  }
}

function encryption(
  key: Key | undefined,
): Pick<BucketProps, 'encryption' | 'encryptionKey' | 'bucketKeyEnabled'> {
  return key === undefined
    ? { encryption: BucketEncryption.S3_MANAGED }
    : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
}

function retention({ mode, days }: StageConfig['objectLock']): ObjectLockRetention {
  const duration = Duration.days(days);
  return mode === 'COMPLIANCE'
    ? ObjectLockRetention.compliance(duration)
    : ObjectLockRetention.governance(duration);
}
