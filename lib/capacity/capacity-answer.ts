import * as z from 'zod';
import { RESERVE_SCOPES } from './capacity-settings.ts';
import type { ResourceClass } from './hosts.ts';
import { refusedAnswer } from './refused.ts';

const amount = z.number().min(0);
const count = z.int().min(0);
const day = z.string().meta({ format: 'date' });

const MIB_PER_GIB = 1_024;

/** From the unit of a resource class to the unit of the answer. */
export function perAnswerUnit(resourceClass: ResourceClass): number {
  return resourceClass === 'MEMORY_MB' ? MIB_PER_GIB : 1;
}

export function answerUnit(resourceClass: ResourceClass): 'cores' | 'GiB' | 'units' {
  if (resourceClass === 'VCPU' || resourceClass === 'PCPU') return 'cores';
  return resourceClass === 'MEMORY_MB' || resourceClass === 'DISK_GB' ? 'GiB' : 'units';
}

export const resourceAnswer = z.strictObject({
  unit: z.enum(['cores', 'GiB', 'units']),
  hosts: count.describe('Hosts that have this resource.'),
  total: amount.describe('(total - reserved) x allocation ratio, floored per host and added up.'),
  reserve: amount.describe('Kept free for hosts that fail, are in maintenance or are drained.'),
  fragmentation: amount.describe(
    'What may be free in pieces too small for the flavor that room is kept for; 0 without one.',
  ),
  usable: amount.describe('Total less both: what demand may reach.'),
  used: amount.nullable().describe('Claimed on the hosts that tell; null when none does.'),
  free: z.number().nullable().describe('Usable less used; below 0 the reserve is being eaten.'),
  hostsWithoutUsage: count,
});
export type ResourceAnswer = z.infer<typeof resourceAnswer>;

const resources = {
  cores: resourceAnswer.nullable().describe('Shared CPUs (VCPU).'),
  dedicatedCores: resourceAnswer.nullable().describe('Pinned CPUs (PCPU).'),
  ram: resourceAnswer.nullable(),
  disk: resourceAnswer.nullable(),
  custom: z
    .array(resourceAnswer.extend({ resourceClass: z.string() }))
    .describe('Every other resource class, such as VGPU or CUSTOM_GPU, by name.'),
};

const group = z.strictObject({
  name: z.string().describe('Empty: hosts that are in none.'),
  hosts: count,
  reserveHosts: count,
  ...resources,
});

/** The capacity of a region on a day as the API tells it. */
export const capacityAnswer = z.strictObject({
  region: z.string(),
  day: day.describe('By the hosts that are known and planned for this day.'),
  observedOn: day.describe('Of the newest snapshot of hosts.'),
  sources: z.array(z.strictObject({ source: z.string(), observedAt: z.string(), hosts: count })),
  hosts: count,
  reserveHosts: count.describe('How many of the largest hosts are kept in reserve.'),
  reservePer: z
    .enum(RESERVE_SCOPES)
    .describe('Which hosts fail together: each such group has its own reserve.'),
  roomForFlavor: z
    .strictObject({ name: z.string(), isKnown: z.boolean() })
    .nullable()
    .describe(
      'The flavor that room is kept for; one that is not known has none kept. Null: none is set.',
    ),
  drainedHosts: count.describe('Hosts that are empty for an upgrade on this day.'),
  ...resources,
  zones: z.array(group).describe('Availability zones; empty where none is known.'),
  aggregates: z.array(group).describe('Host aggregates; a host may be in several.'),
  changes: z
    .array(
      z.strictObject({
        kind: z.enum(['add', 'retire', 'drain', 'ratio']),
        id: z.string().nullable(),
        from: day,
        until: day.nullable(),
        state: z
          .enum(['planned', 'in_force', 'in_snapshot', 'over', 'unknown_host'])
          .describe(
            'On this day. in_snapshot: its day is past, so its hosts are those observed; unknown_host: it names a host that is not known.',
          ),
      }),
    )
    .describe('Planned changes, by their first day.'),
  refused: refusedAnswer
    .optional()
    .describe('Requests of the last 30 days that no host took; left out: none is known.'),
});
export type CapacityAnswer = z.infer<typeof capacityAnswer>;
