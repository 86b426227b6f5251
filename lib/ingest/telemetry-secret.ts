import { ProblemError } from '../errors.ts';
import type { Region } from '../identifiers.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { SecretStore } from '../ports/secrets.ts';

/** A changed secret is known within that time; not every object asks for it. */
const KEPT_MS = 60_000;

export interface TelemetrySecretPorts {
  readonly config: Pick<ConfigStore, 'get'>;
  readonly secrets: SecretStore;
  readonly now: () => Date;
}

/**
 * The secret that Ceilometer signs the messages of a region with, where its settings name one.
 * @throws ProblemError `refused` when there is no secret of that name: ingest waits until there is
 */
export function telemetrySecrets(
  ports: TelemetrySecretPorts,
): (region: Region) => Promise<string | null> {
  const known = new Map<string, { readonly secret: string; readonly until: number }>();
  return async (region) => {
    const { telemetrySecret: name } = await storedSettings(ports.config, region);
    if (name === undefined) return null;
    const now = ports.now().getTime();
    const kept = known.get(name);
    if (kept && now < kept.until) return kept.secret;
    const secret = await ports.secrets.get(name);
    if (secret === null || secret === '') {
      throw new ProblemError(
        'refused',
        `There is no secret "${name}", which the settings of region "${region}" name as telemetrySecret. Store the telemetry_secret of its Ceilometer under that name, as plain text.`,
      );
    }
    known.set(name, { secret, until: now + KEPT_MS });
    return secret;
  };
}
