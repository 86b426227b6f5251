import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ProblemError } from '../../errors.ts';
import type { SecretStore } from '../../ports/secrets.ts';

export function secretsManagerClient(): SecretsManagerClient {
  return new SecretsManagerClient({
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  });
}

/** What Secrets Manager refuses, by the name of its error, and what an operator does about it. */
const REFUSALS: Readonly<Record<string, string>> = {
  AccessDeniedException:
    'may not be read: its name must start with "headroom/", and it must be of this account and region',
  DecryptionFailure: 'cannot be decrypted: the function may not use its key',
  InvalidRequestException: 'is marked for deletion, or has no value yet',
  InvalidParameterException: 'has a name that is not one of Secrets Manager',
};

export function secretsManagerStore(client: SecretsManagerClient): SecretStore {
  return {
    async get(name) {
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
        if (SecretString !== undefined) return SecretString;
      } catch (error) {
        const code = error instanceof Error ? error.name : '';
        if (code === 'ResourceNotFoundException') return null;
        const why = REFUSALS[code];
        if (why === undefined) throw error;
        throw new ProblemError('refused', `The secret "${name}" ${why}.`);
      }
      throw new ProblemError(
        'refused',
        `The secret "${name}" holds bytes, and not the JSON text that is needed.`,
      );
    },
  };
}
