import type { SecretStore } from '../../ports/secrets.ts';

/** @param secrets texts by name */
export function memorySecretStore(secrets: Readonly<Record<string, string>>): SecretStore {
  return { get: async (name) => secrets[nameIn(name)] ?? null };
}

/** An ARN ends in the name and six characters that Secrets Manager adds. */
function nameIn(nameOrArn: string): string {
  const [, name] =
    /^arn:[^:]*:secretsmanager:[^:]*:\d{12}:secret:(.+)-[A-Za-z0-9]{6}$/.exec(nameOrArn) ?? [];
  return name ?? nameOrArn;
}
