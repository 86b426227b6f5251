import * as z from 'zod';
import { parseAllocationRatio } from '../capacity/allocation-ratio.ts';
import { claimable } from '../capacity/hosts.ts';
import { toText } from '../decimal/decimal.ts';
import type { HostInventory } from '../ports/capacity-store.ts';
import { isJsonObject } from './formats/json-object.ts';
import { ObjectRefused } from './refusal.ts';

/** Amounts by resource class, custom ones (`CUSTOM_GPU`) too, in the units of the classes. */
export type Amounts = ReadonlyMap<string, number>;

/** What an answer of Placement tells (api-ref); other members are not looked at. */
export type PlacementAnswer =
  | { readonly kind: 'inventories'; readonly inventories: ReadonlyMap<string, HostInventory> }
  | { readonly kind: 'traits'; readonly traits: readonly string[] }
  | { readonly kind: 'usages'; readonly usages: Amounts }
  /** Of a project, with what migrations hold left out: the instance holds it already. */
  | { readonly kind: 'usages by type'; readonly usages: Amounts }
  /** By consumer, or by resource provider, as who asked knows. */
  | { readonly kind: 'allocations'; readonly allocations: ReadonlyMap<string, Amounts> }
  | { readonly kind: 'providers'; readonly providers: readonly ResourceProvider[] };

export interface ResourceProvider {
  readonly uuid: string;
  readonly name: string;
  /** Of a nested provider, the host it is part of. */
  readonly rootUuid: string;
}

const COUNT = z.int().nonnegative();
const AMOUNTS = z.record(z.string(), COUNT);
const RESOURCES = z.object({ resources: AMOUNTS });

const INVENTORIES = z.object({
  inventories: z.record(
    z.string(),
    z.object({
      total: COUNT,
      reserved: COUNT.default(0),
      allocation_ratio: z.number().positive().default(1),
      min_unit: COUNT.optional(),
      max_unit: COUNT.optional(),
      step_size: COUNT.optional(),
    }),
  ),
});
const TRAITS = z.object({ traits: z.array(z.string()) });
const USAGES = z.object({ usages: AMOUNTS });
/** Since 1.38 (`GET /usages?project_id=`). */
const USAGES_BY_TYPE = z.object({ usages: z.record(z.string(), AMOUNTS) });
const ALLOCATIONS = z.object({ allocations: z.record(z.string(), RESOURCES) });
/** Before 1.12. */
const ALLOCATION_LIST = z.object({
  allocations: z.array(RESOURCES.extend({ resource_provider: z.object({ uuid: z.string() }) })),
});
const PROVIDERS = z.object({
  resource_providers: z.array(
    z.object({
      uuid: z.string().min(1),
      name: z.string().min(1),
      // Since 1.14.
      root_provider_uuid: z.string().nullish(),
    }),
  ),
});

/** Null when the body is no answer of Placement that tells amounts or names. */
export function readPlacementAnswer(body: unknown): PlacementAnswer | null {
  if (!isJsonObject(body)) return null;
  if ('inventories' in body) return inventoriesOf(body);
  if ('usages' in body) return usagesOf(body);
  if ('allocations' in body) return allocationsOf(body);
  const told = TRAITS.safeParse(body);
  if (told.success) return { kind: 'traits', traits: told.data.traits.toSorted() };
  const list = PROVIDERS.safeParse(body);
  if (!list.success) return null;
  const providers = list.data.resource_providers.map(({ uuid, name, root_provider_uuid }) => ({
    uuid,
    name,
    rootUuid: root_provider_uuid ?? uuid,
  }));
  return { kind: 'providers', providers };
}

function inventoriesOf(body: unknown): PlacementAnswer | null {
  const parsed = INVENTORIES.safeParse(body);
  if (!parsed.success) return null;
  const inventories = Object.entries(parsed.data.inventories).map(
    ([name, { total, reserved, allocation_ratio, ...units }]) => {
      const allocationRatio = toText(parseAllocationRatio(String(allocation_ratio)));
      const inventory = { total, reserved, allocationRatio, used: null };
      return [name, { ...inventory, ...unitsOf(units, claimable(inventory)) }] as const;
    },
  );
  return { kind: 'inventories', inventories: new Map(inventories) };
}

/** What of them rules any allocation out; the rest is not kept. */
function unitsOf(
  units: {
    readonly min_unit?: number | undefined;
    readonly max_unit?: number | undefined;
    readonly step_size?: number | undefined;
  },
  capacity: number,
): Pick<HostInventory, 'minUnit' | 'maxUnit' | 'stepSize'> {
  const { min_unit: minUnit = 1, max_unit: maxUnit = capacity, step_size: stepSize = 1 } = units;
  return {
    ...(minUnit > 1 ? { minUnit } : {}),
    ...(maxUnit < capacity ? { maxUnit } : {}),
    ...(stepSize > 1 ? { stepSize } : {}),
  };
}

function usagesOf(body: unknown): PlacementAnswer | null {
  const flat = USAGES.safeParse(body);
  if (flat.success) return { kind: 'usages', usages: new Map(Object.entries(flat.data.usages)) };
  const byType = USAGES_BY_TYPE.safeParse(body);
  if (!byType.success) return null;
  const held = Object.entries(byType.data.usages).filter(([type]) => type !== 'MIGRATION');
  const usages = sumAmounts(held.map(([, { consumer_count: _, ...amounts }]) => amounts));
  return { kind: 'usages by type', usages };
}

function allocationsOf(body: unknown): PlacementAnswer | null {
  const list = ALLOCATION_LIST.safeParse(body);
  if (list.success) {
    const allocations = list.data.allocations.map(
      ({ resource_provider: { uuid }, resources }) =>
        [uuid, new Map(Object.entries(resources))] as const,
    );
    return { kind: 'allocations', allocations: new Map(allocations) };
  }
  const byId = ALLOCATIONS.safeParse(body);
  if (!byId.success) return null;
  const allocations = Object.entries(byId.data.allocations).map(
    ([id, { resources }]) => [id, new Map(Object.entries(resources))] as const,
  );
  return { kind: 'allocations', allocations: new Map(allocations) };
}

export function sumAmounts(
  all: readonly (Amounts | Readonly<Record<string, number>>)[],
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const amounts of all) {
    const entries = amounts instanceof Map ? amounts : Object.entries(amounts);
    for (const [name, amount] of entries) sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  return sums;
}

export function notAPlacementAnswer(line: number): ObjectRefused {
  return new ObjectRefused(
    'not_a_placement_answer',
    `The body at line ${line} is no answer of Placement that fits its envelope. With "resourceProvider": its inventories, usages, allocations or traits. With "project": GET /usages?project_id=. With "consumer": GET /allocations/{consumer}. With none of them: GET /resource_providers. Usages of a project or a consumer type do not say where they are.`,
  );
}
