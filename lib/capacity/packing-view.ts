import * as z from 'zod';
import { assert } from '../assert.ts';
import type { Day } from '../period/calendar.ts';
import { answerUnit, perAnswerUnit } from './capacity-answer.ts';
import { reserveHostsOf } from './capacity-view.ts';
import { takes } from './fit.ts';
import { needsOf } from './flavors.ts';
import { drainedOn, hostsOn } from './host-changes.ts';
import { groupsOf } from './host-groups.ts';
import { type Host, isComputing, type ResourceClass } from './hosts.ts';
import { type MixPart, type Packing, packMix } from './packing.ts';
import { type CapacityPlan, usableOn } from './usable.ts';

/** Runs with other orders of arrival: odd, so that there is a middle one. */
const RUNS = 9;
const [LOW, MIDDLE, HIGH] = [1, 4, 7];

const count = z.int().min(0);

/** How much of the present mix of flavors a region takes, as the API tells it. */
export const packingAnswer = z.strictObject({
  region: z.string(),
  day: z.string().meta({ format: 'date' }),
  mix: z
    .array(
      z.strictObject({
        flavor: z.string(),
        instances: count.describe('That stand now, or the weight that was given.'),
        placed: count.describe('More that were placed, in the middle run.'),
      }),
    )
    .describe('By the number that stand.'),
  mixFrom: z.enum(['metered', 'request']),
  runs: count,
  fitsInFree: z
    .strictObject({ low: count, middle: count, high: count })
    .describe(
      'More instances until the first that finds no host, over runs with other orders of arrival.',
    ),
  heldInReserve: count.describe('Of the middle, what the hosts in reserve would hold when empty.'),
  fits: count.describe('More instances to promise: the middle less the reserve.'),
  reserveHosts: count.describe('Hosts that are kept in reserve or drained on the day.'),
  refused: z.string().describe('The flavor that found no host first, in the middle run.'),
  bindingResource: z
    .string()
    .nullable()
    .describe('What most hosts had least of for it; null: no host may take it.'),
  stranded: z
    .array(
      z.strictObject({
        resourceClass: z.string(),
        unit: z.enum(['cores', 'GiB', 'units']),
        amount: z.number().min(0),
        share: z
          .number()
          .min(0)
          .nullable()
          .describe('Of usable capacity; null when none is usable.'),
      }),
    )
    .describe('Free on the hosts at the refusal in the middle run.'),
  imbalance: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      'Difference of the free shares of cores and RAM now: 0 is balanced; null when not known.',
    ),
  hostsWithoutUsage: count.describe(
    'Hosts that do not tell what is claimed; nothing is placed there.',
  ),
});
export type PackingAnswer = z.infer<typeof packingAnswer>;

export interface PackingInput {
  readonly region: string;
  readonly plan: CapacityPlan;
  /** Not empty. */
  readonly mix: readonly MixPart[];
  readonly mixFrom: PackingAnswer['mixFrom'];
  readonly day?: Day | undefined;
  readonly seed: number;
}

/** Simulates the mix until the first refusal: the same input gives the same answer. */
export function packingView({ region, plan, mix, ...rest }: PackingInput): PackingAnswer {
  const { mixFrom, day = plan.observedOn, seed } = rest;
  const parts = mix.toSorted((a, b) => b.count - a.count);
  const hosts = hostsOn(plan, day);
  const runs = Array.from({ length: RUNS }, (_, run) =>
    packMix(hosts, parts, { seed: seed + run }),
  );
  const sorted = runs.toSorted((a, b) => a.placed - b.placed);
  const [low, middle, high] = [sorted[LOW], sorted[MIDDLE], sorted[HIGH]];
  assert(
    low !== undefined && middle !== undefined && high !== undefined,
    'there are as many packings as runs',
  );
  const reserved = reservedHosts(hosts, { plan, day, mix: parts });
  const held = reserved.length === 0 ? 0 : packMix(reserved, parts, { seed, emptied: true }).placed;
  const heldInReserve = Math.min(middle.placed, held);
  return {
    region,
    day,
    mix: parts.map(({ flavor, count: instances }, index) => ({
      flavor: flavor.name,
      instances,
      placed: middle.placedByFlavor[index] ?? 0,
    })),
    mixFrom,
    runs: RUNS,
    fitsInFree: { low: low.placed, middle: middle.placed, high: high.placed },
    heldInReserve,
    fits: middle.placed - heldInReserve,
    reserveHosts: reserved.length,
    refused: middle.refused.name,
    bindingResource: mostOf(middle.shortOf),
    stranded: toldStranded(middle.stranded, plan, day),
    imbalance: imbalanceOf(plan, day),
    hostsWithoutUsage: hosts.filter((host) => isComputing(host) && !tellsUsage(host)).length,
  };
}

/** The largest hosts of each group by RAM, as many as are kept in reserve or drained. */
function reservedHosts(
  hosts: readonly Host[],
  {
    plan,
    day,
    mix,
  }: { readonly plan: CapacityPlan; readonly day: Day; readonly mix: readonly MixPart[] },
): Host[] {
  const { settings } = plan;
  const usable = hosts.filter((host) => mix.some(({ flavor }) => takes(host, flavor)));
  return [...groupsOf(usable, settings.reserve?.per ?? 'region')].flatMap(([name, group]) =>
    group
      .toSorted((a, b) => ramOf(b) - ramOf(a))
      .slice(0, reserveHostsOf(group, settings) + drainedOn(plan, day, name)),
  );
}

function ramOf({ amounts }: Host): number {
  return amounts.MEMORY_MB?.capacity ?? 0;
}

function tellsUsage({ amounts }: Host): boolean {
  return Object.values(amounts).every((amount) => amount?.used !== null);
}

function mostOf(counts: ReadonlyMap<ResourceClass, number>): ResourceClass | null {
  const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return most?.[0] ?? null;
}

function toldStranded(
  stranded: Packing['stranded'],
  plan: CapacityPlan,
  day: Day,
): PackingAnswer['stranded'] {
  return [...stranded]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([resourceClass, amount]) => {
      const { usable } = usableOn(plan, resourceClass, day);
      return {
        resourceClass,
        unit: answerUnit(resourceClass),
        amount: amount / perAnswerUnit(resourceClass),
        share: usable > 0 ? amount / usable : null,
      };
    });
}

/** |free cores / usable cores - free RAM / usable RAM|, of what is free within the usable. */
function imbalanceOf(plan: CapacityPlan, day: Day): number | null {
  const shares = ['VCPU', 'MEMORY_MB'].map((resourceClass) => {
    const { usable, used } = usableOn(plan, resourceClass, day);
    return used === null || usable <= 0 ? null : Math.max(0, usable - used) / usable;
  });
  const [cores, ram] = shares;
  return cores == null || ram == null ? null : Math.abs(cores - ram);
}

/** What a mix is drawn from: flavors that claim nothing known are left out by name. */
export function mixOf(
  counts: ReadonlyMap<string, number>,
  flavors: readonly MixPart['flavor'][],
): { readonly mix: readonly MixPart[]; readonly unknown: readonly string[] } {
  const byName = new Map(flavors.map((flavor) => [flavor.name, flavor]));
  const mix: MixPart[] = [];
  const unknown: string[] = [];
  for (const [name, own] of counts) {
    const flavor = byName.get(name);
    if (flavor === undefined || needsOf(flavor).length === 0) unknown.push(name);
    else if (own > 0) mix.push({ flavor, count: own });
  }
  return { mix, unknown };
}
