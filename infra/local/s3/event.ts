import type { NotificationPlan } from '../template/plan.ts';

export type CreationKind = 'Put' | 'Copy' | 'CompleteMultipartUpload';

export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly kind: CreationKind;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly at: Date;
  /** Hexadecimal; the greater of two events of one key is the later. */
  readonly sequencer: string;
}

/** An S3 event message, version 2.1. The bucket's owner and the request's origin are made up. */
export function toS3Event(object: CreatedObject, region: string): Record<string, unknown> {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: object.at.toISOString(),
        eventName: `ObjectCreated:${object.kind}`,
        userIdentity: { principalId: 'local' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': object.sequencer, 'x-amz-id-2': 'local' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'local',
          bucket: {
            name: object.bucket,
            ownerIdentity: { principalId: 'local' },
            arn: `arn:aws:s3:::${object.bucket}`,
          },
          object: {
            key: encodeEventKey(object.key),
            size: object.sizeBytes,
            eTag: object.eTag,
            sequencer: object.sequencer,
          },
        },
      },
    ],
  };
}

/** As in forms: a blank is `+`, slashes stay, all but letters, digits and `.-*_` is escaped. */
function encodeEventKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replaceAll(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function matches(
  notification: NotificationPlan,
  object: { readonly kind: CreationKind; readonly key: string },
): boolean {
  return (
    notification.events.some(
      (event) => event === 's3:ObjectCreated:*' || event === `s3:ObjectCreated:${object.kind}`,
    ) &&
    object.key.startsWith(notification.prefix) &&
    object.key.endsWith(notification.suffix)
  );
}
