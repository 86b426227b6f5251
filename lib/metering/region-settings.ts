import * as z from 'zod';
import { CapacitySettings } from '../capacity/capacity-settings.ts';
import { FlavorList } from '../capacity/flavors.ts';
import { isRegion, type Region } from '../identifiers.ts';
import { LABELS_MAX, labelName } from '../labels.ts';
import { HOUR_US, type InstantUs, parseInstant } from '../period/instant.ts';
import { planningSettingsSchema } from '../planning/planning-settings.ts';
import { secretName } from '../secret-name.ts';

/** How long a gauge sample holds when none follows in time, unless the region's settings differ. */
export const DEFAULT_INTERVAL_SECONDS = 300;
/** How far apart two gauge samples may be for the first to hold until the second. */
export const DEFAULT_GAP_TOLERANCE_SECONDS = 7_200;
/** A hold reaches no further, so that a day and its neighbours are enough to meter it. */
const HOLD_SECONDS_MAX = 86_400;

const HoldSeconds = z.int().min(1).max(HOLD_SECONDS_MAX);

const Effective = z.string().refine((text) => parseEffective(text) !== null, {
  error: 'must be a date (2026-10-01) or a whole UTC hour (2026-10-01T05:00:00Z)',
});

const HoldSettings = z.strictObject({
  intervalSeconds: HoldSeconds.optional(),
  gapToleranceSeconds: HoldSeconds.optional(),
});

/** What a sample's metadata calls the state of its resource. */
const State = z
  .string()
  .min(1)
  .max(255)
  .refine((state) => state === state.toLowerCase(), { error: 'a state is written in lower case' });

const MeteringEntry = HoldSettings.extend({
  from: Effective,
  /** By any name of a meter; which names there are is checked beside the meter table (settings-faults.ts). */
  meters: z.record(z.string().min(1), HoldSettings).optional(),
  /** By state: the measures that a resource holds none of while it is in it. Nothing else is free but by DESIGN section 4. */
  notBilled: z.record(State, z.array(z.string().min(1)).min(1)).optional(),
  /** Keys of resource metadata that are kept with usage, so that rules can match them (labels.ts). */
  labels: z
    .array(labelName)
    .max(LABELS_MAX)
    .refine((keys) => new Set(keys).size === keys.length, { error: 'a key stands twice' })
    .optional(),
});

/** Settings of a region as the API takes them. */
export const RegionSettings = z.strictObject({
  region: z.string().refine(isRegion, { error: 'is not a region name' }),
  shards: z.int().min(1).max(256).default(1),
  metering: z
    .array(MeteringEntry)
    .refine((entries) => distinctInstants(entries) === entries.length, {
      error: 'two entries have the same from: keep one',
    })
    .default([]),
  /** Name of the secret that the region's Ceilometer signs its messages with; samples must be signed then. */
  telemetrySecret: secretName.optional(),
  capacity: CapacitySettings.optional(),
  /** Over what Nova's list of flavors and metered instances tell. */
  flavors: FlavorList.optional(),
  planning: planningSettingsSchema.optional(),
});

export type RegionSettings = z.infer<typeof RegionSettings>;
export type MeteringEntry = z.infer<typeof MeteringEntry>;

/** The settings of a region for which nothing was set. */
export function defaultSettings(region: Region): RegionSettings {
  return { region, shards: 1, metering: [] };
}

/** A date means its UTC midnight; `null` when the text is neither that nor a whole UTC hour. */
export function parseEffective(text: string): InstantUs | null {
  const instant = parseInstant(text.endsWith('Z') ? text : `${text}T00:00:00Z`);
  return instant !== null && instant % HOUR_US === 0 ? instant : null;
}

function distinctInstants(entries: readonly { readonly from: string }[]): number {
  return new Set(entries.map((entry) => parseEffective(entry.from))).size;
}
