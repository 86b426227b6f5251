import type { SharedBucket } from '../stacks/state-stack.ts';
import type { Grant } from './grant.ts';

/** Reads objects under the prefixes (`samples/`), or whose keys match them when they hold a `*`. */
export function readObjects({ arn }: SharedBucket, prefixes: readonly string[]): Grant {
  return {
    actions: ['s3:GetObject'],
    resources: under(arn, prefixes),
    wildcard: `Keys are made at run time; the grant is held to ${prefixes.join(', ')}.`,
  };
}

/** Puts objects, in parts when they are large; a part upload that fails is aborted. */
export function writeObjects({ arn }: SharedBucket, prefixes: readonly string[]): Grant {
  return {
    actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
    resources: under(arn, prefixes),
    wildcard: `Keys are made at run time; the grant is held to ${prefixes.join(', ')}.`,
  };
}

/** Removes objects for good, but for their old versions. */
export function deleteObjects({ arn }: SharedBucket, prefixes: readonly string[]): Grant {
  return {
    actions: ['s3:DeleteObject'],
    resources: under(arn, prefixes),
    wildcard: `Keys are made at run time; the grant is held to ${prefixes.join(', ')}.`,
  };
}

/** Lists keys, and lets S3 answer 404 (not 403) for an object that is not there. */
export function listObjects({ arn }: SharedBucket): Grant {
  return { actions: ['s3:ListBucket'], resources: [arn] };
}

function under(arn: string, prefixes: readonly string[]): readonly string[] {
  return prefixes.map((prefix) => `${arn}/${prefix}*`);
}
