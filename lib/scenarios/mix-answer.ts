import * as z from 'zod';
import { packingView } from '../capacity/packing-view.ts';
import type { CapacityPlan } from '../capacity/usable.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { seedOf } from '../planning/seed.ts';
import { type MeanInstance, meanInstance } from './demand-in-mix.ts';
import type { Scenario } from './scenario.ts';

/** Flavors of which instances stand, and how many. */
export type PresentMix = readonly {
  readonly flavor: string;
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
  readonly count: number;
}[];

const mean = z.strictObject({ vcpus: z.number().positive(), ramGib: z.number().positive() });
const fit = z.strictObject({
  instances: z.int().min(0).describe('More that could be promised, packed host by host.'),
  bindingResource: z.string().nullable().describe('Of which most hosts have least then.'),
});

/** What another mix of flavors means for a region. */
export const mixAnswer = z.strictObject({
  basis: z
    .enum(['instances', 'cores'])
    .describe('What of new demand stays as it is forecast: see `mixKeeps`.'),
  present: mean.nullable().describe('The mean instance that stands; null: not surveyed yet.'),
  asked: mean.describe('The mean instance of the mix.'),
  fits: z
    .strictObject({
      day: z.string().meta({ format: 'date' }).nullable().describe('Null: no host is known.'),
      present: fit
        .nullable()
        .describe('More instances as they stand, on the hosts of the scenario.'),
      asked: fit.nullable().describe('More instances of the mix.'),
    })
    .describe('On the day after the newest snapshot of hosts, beside what stands.'),
});
export type MixAnswer = z.infer<typeof mixAnswer>;

type AskedMix = NonNullable<Scenario['mix']>;

/** The mean instances of the mix that is asked for and of what stands; null: new demand keeps its cores. */
export function meansOf(
  { mix, mixKeeps = 'instances' }: Scenario,
  presentMix: PresentMix | undefined,
): { readonly asked: MeanInstance; readonly present: MeanInstance | null } | null {
  if (mix === undefined) return null;
  const isKnown = (presentMix ?? []).length > 0 && mixKeeps === 'instances';
  return {
    asked: meanInstance(mix),
    present: isKnown ? meanStanding(presentMix ?? []) : null,
  };
}

function meanStanding(mix: PresentMix): MeanInstance {
  return meanInstance(mix.map((one) => ({ ...one, share: one.count })));
}

/** @param plan the hosts, with what the scenario changes of them; null where none is known */
export function toldMix(
  mix: AskedMix,
  of: {
    readonly region: string;
    readonly means: NonNullable<ReturnType<typeof meansOf>>;
    readonly presentMix: PresentMix | undefined;
    readonly plan: CapacityPlan | null;
  },
): MixAnswer {
  const { region, means, presentMix, plan } = of;
  const day = plan && addDays(plan.observedOn, 1);
  const asked = mix.map(({ vcpus, ramMib, share }, index) => ({
    ...{ flavor: `${vcpus}x${ramMib}-${index}`, vcpus, ramMib, diskGib: 0 },
    count: share,
  }));
  const fitOf = (parts: PresentMix) =>
    plan === null || day === null || parts.length === 0
      ? null
      : fitIn(plan, { region, day, parts });
  const known = presentMix ?? [];
  return {
    basis: means.present === null ? 'cores' : 'instances',
    present: known.length === 0 ? null : meanStanding(known),
    asked: means.asked,
    fits: { day, present: fitOf(known), asked: fitOf(asked) },
  };
}

/** By vCPUs and RAM: disks of the mix that is asked for are not told, so none are counted. */
function fitIn(
  plan: CapacityPlan,
  {
    region,
    day,
    parts,
  }: { readonly region: string; readonly day: Day; readonly parts: PresentMix },
): NonNullable<MixAnswer['fits']['asked']> {
  const { fits, bindingResource } = packingView({
    region,
    plan,
    day,
    mix: parts.map(({ flavor: name, vcpus, ramMib, count }) => ({
      flavor: { name, vcpus, ramMib, diskGib: 0, origin: 'metered' },
      count,
    })),
    mixFrom: 'request',
    seed: seedOf(`${region}/mix`),
  });
  return { instances: fits, bindingResource };
}
