import { S3Client } from '@aws-sdk/client-s3';

/**
 * A client for object stores. Keys stay in the path, which every S3 understands. Checksums are
 * sent where this code asks for them: the SDK's own default would sign one of an empty body into
 * presigned uploads.
 */
export function s3Client(): S3Client {
  return new S3Client({
    forcePathStyle: true,
    maxAttempts: 6,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
    },
  });
}
