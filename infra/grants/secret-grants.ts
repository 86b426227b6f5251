import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Grant } from './grant.ts';

/** Names of secrets that configuration may name; the API refuses others (lib/secret-name.ts). */
export const SECRET_PREFIX = 'headroom/';

/** Reads secrets of this account and region whose names start with the prefix. */
export function readSecrets(scope: Construct, prefix: string): Grant {
  const { partition, region, account } = Stack.of(scope);
  return {
    actions: ['secretsmanager:GetSecretValue'],
    resources: [`arn:${partition}:secretsmanager:${region}:${account}:secret:${prefix}*`],
    wildcard: `Operators name the secrets of their sources and regions; the grant is held to the names under ${prefix}.`,
  };
}
