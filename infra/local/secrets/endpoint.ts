import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import * as z from 'zod';
import { jsonEndpoint } from '../json-endpoint.ts';
import { readSecret } from './secret-files.ts';

const getSchema = z.looseObject({ SecretId: z.string().min(1).max(2_048) });

interface SecretsOptions {
  readonly folder: string;
  readonly region: string;
}

/** Secrets Manager's GetSecretValue, from files. */
export function createSecretsEndpoint(options: SecretsOptions): RequestListener {
  return jsonEndpoint({
    version: '1.1',
    actions: {
      'secretsmanager.GetSecretValue': (body) => secretValue(getSchema.parse(body), options),
    },
    invalid: 'InvalidParameterException',
    internal: 'InternalServiceError',
  });
}

function secretValue(
  { SecretId }: z.output<typeof getSchema>,
  { folder, region }: SecretsOptions,
): unknown {
  const secret = readSecret(folder, region, SecretId);
  return {
    ARN: secret.arn,
    Name: secret.name,
    // Another content is another version.
    VersionId: createHash('sha256').update(secret.text).digest('hex').slice(0, 32),
    VersionStages: ['AWSCURRENT'],
    SecretString: secret.text,
    CreatedDate: secret.writtenAt.getTime() / 1_000,
  };
}
