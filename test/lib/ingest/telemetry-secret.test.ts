import { describe, expect, it } from 'vitest';
import { memoryConfigStore } from '../../../lib/adapters/memory/config-store.ts';
import { memorySecretStore } from '../../../lib/adapters/memory/secret-store.ts';
import { telemetrySecrets } from '../../../lib/ingest/telemetry-secret.ts';
import { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { NOW, WEST } from './ingest-world.ts';

async function world(settings: object | null, secrets: Record<string, string>) {
  const config = memoryConfigStore();
  if (settings !== null) {
    await config.put({
      kind: 'region-settings',
      id: WEST,
      body: RegionSettings.parse({ region: WEST, ...settings }),
      actor: 'ann',
      updatedAt: NOW.toISOString(),
      expectedVersion: 0,
    });
  }
  const clock = { now: NOW };
  const store = memorySecretStore(secrets);
  let asked = 0;
  const secretOf = telemetrySecrets({
    config,
    secrets: {
      get: (name) => {
        asked += 1;
        return store.get(name);
      },
    },
    now: () => clock.now,
  });
  return { secretOf, clock, asked: () => asked };
}

const SETTINGS = { telemetrySecret: 'headroom/telemetry-west' };

describe('the telemetry secret of a region', () => {
  it.each([null, {}])('is none where no settings name one: %s', async (settings) => {
    const { secretOf, asked } = await world(settings, {});
    expect(await secretOf(WEST)).toBeNull();
    expect(asked()).toBe(0);
  });

  it('is what its settings name, asked for once a minute', async () => {
    const secrets = { 'headroom/telemetry-west': 'one' };
    const { secretOf, clock, asked } = await world(SETTINGS, secrets);
    expect([await secretOf(WEST), await secretOf(WEST), asked()]).toEqual(['one', 'one', 1]);
    secrets['headroom/telemetry-west'] = 'other';
    clock.now = new Date(NOW.getTime() + 60_000);
    expect([await secretOf(WEST), asked()]).toEqual(['other', 2]);
  });

  it.each([{}, { 'headroom/telemetry-west': '' }])(
    'is an error where there is none of that name, so that no unsigned sample slips in: %j',
    async (secrets) => {
      const { secretOf } = await world(SETTINGS, secrets);
      await expect(secretOf(WEST)).rejects.toThrow(/no secret "headroom\/telemetry-west".*Store/);
    },
  );

  it.each(['password', 'other/name', 'headroom/', 'headroom/a b'])('is not named "%s"', (name) => {
    const parsed = RegionSettings.safeParse({ region: WEST, telemetrySecret: name });
    expect(parsed.error?.issues[0]?.message).toMatch(/never stands here/);
  });
});
