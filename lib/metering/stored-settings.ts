import { assert } from '../assert.ts';
import type { Region } from '../identifiers.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { defaultSettings, RegionSettings } from './region-settings.ts';

/** The region's settings as they were last saved, or the defaults. */
export async function storedSettings(
  configuration: Pick<ConfigStore, 'get'>,
  region: Region,
): Promise<RegionSettings> {
  const document = await configuration.get('region-settings', region);
  if (document === null) return defaultSettings(region);
  const parsed = RegionSettings.safeParse(document.body);
  assert(parsed.success, `the stored settings of region "${region}" do not fit their schema`);
  return parsed.data;
}
