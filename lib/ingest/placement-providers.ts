import type { HostInventory } from '../ports/capacity-store.ts';
import { type Amounts, sumAmounts } from './placement-answers.ts';
import { excerpt, ObjectRefused } from './refusal.ts';

/** What the answers of one object tell of a resource provider; null what none has told yet. */
export interface Provider {
  inventories: ReadonlyMap<string, HostInventory> | null;
  usages: Amounts | null;
  /** By its own list of allocations. */
  allocated: Amounts | null;
  /** By the allocations of single consumers. */
  readonly consumed: Amounts[];
  traits: readonly string[] | null;
}

/** One provider that is told by its name and by its uuid. @throws ObjectRefused where both tell the same */
export function together(host: string, a: Provider, b: Provider): Provider {
  const isTwice =
    (a.inventories && b.inventories) || (a.usages && b.usages) || (a.allocated && b.allocated);
  if (isTwice) throw hostTwice(host);
  return {
    inventories: a.inventories ?? b.inventories,
    usages: a.usages ?? b.usages,
    allocated: a.allocated ?? b.allocated,
    consumed: [...a.consumed, ...b.consumed],
    traits: a.traits ?? b.traits,
  };
}

/** What Placement counts as used is believed before what allocations add up to. */
export function withUsage(
  host: string,
  provider: Provider,
): Readonly<Record<string, HostInventory>> {
  const { inventories, usages, allocated, consumed } = provider;
  if (inventories === null) {
    throw new ObjectRefused(
      'no_inventories',
      `The object has usages or allocations of "${excerpt(host)}" without its inventories. Put both into one object.`,
    );
  }
  const added = consumed.length > 0 ? sumAmounts(consumed) : null;
  const used = usages ?? allocated ?? added;
  return Object.fromEntries(
    [...inventories].map(([name, inventory]) => [
      name,
      { ...inventory, used: used === null ? null : (used.get(name) ?? (usages ? null : 0)) },
    ]),
  );
}

/** Amounts of one class add up where their ratio is one. */
export function canJoin(
  host: Readonly<Record<string, HostInventory>>,
  nested: Readonly<Record<string, HostInventory>>,
): boolean {
  return Object.entries(nested).every(
    ([name, { allocationRatio }]) =>
      (host[name]?.allocationRatio ?? allocationRatio) === allocationRatio,
  );
}

export function join(
  host: Record<string, HostInventory>,
  nested: Readonly<Record<string, HostInventory>>,
): void {
  for (const [name, own] of Object.entries(nested)) {
    const present = host[name];
    host[name] = present
      ? {
          total: present.total + own.total,
          reserved: present.reserved + own.reserved,
          allocationRatio: own.allocationRatio,
          used: present.used === null || own.used === null ? null : present.used + own.used,
          ...widerUnits(present, own),
        }
      : own;
  }
}

/** An allocation that fits either is possible; where one does not bind, nothing does. */
function widerUnits(
  a: HostInventory,
  b: HostInventory,
): Pick<HostInventory, 'minUnit' | 'maxUnit' | 'stepSize'> {
  const either = (x: number | undefined, y: number | undefined, pick: typeof Math.max) =>
    x === undefined || y === undefined ? undefined : pick(x, y);
  const minUnit = either(a.minUnit, b.minUnit, Math.min);
  const maxUnit = either(a.maxUnit, b.maxUnit, Math.max);
  const stepSize = either(a.stepSize, b.stepSize, Math.min);
  return {
    ...(minUnit === undefined ? {} : { minUnit }),
    ...(maxUnit === undefined ? {} : { maxUnit }),
    ...(stepSize === undefined ? {} : { stepSize }),
  };
}

/** @param line null where it is told by its name and by its uuid */
export function hostTwice(host: string, line: number | null = null): ObjectRefused {
  const at = line === null ? '' : ` at line ${line}`;
  return new ObjectRefused(
    'host_twice',
    `The host "${excerpt(host)}"${at} is in the snapshot already. Put one observation of each host into an object.`,
  );
}
