import { assert } from '../assert.ts';
import { arrivalAt } from './arrival-order.ts';
import { takes } from './fit.ts';
import { type NamedFlavor, type Need, needsOf } from './flavors.ts';
import { FreestFirst } from './freest-first.ts';
import type { Host, ResourceClass } from './hosts.ts';

/** Instances of a flavor that stand in a region, or a weight that means the same. */
export interface MixPart {
  readonly flavor: NamedFlavor;
  readonly count: number;
}

/** One run: instances drawn by the mix, placed one after the other until one is refused. */
export interface Packing {
  readonly placed: number;
  /** In the order of the mix. */
  readonly placedByFlavor: readonly number[];
  /** The flavor that found no host. */
  readonly refused: NamedFlavor;
  /** Hosts that take the refused flavor, by the resource of which they have least for it. */
  readonly shortOf: ReadonlyMap<ResourceClass, number>;
  /** Free on all hosts at the refusal, in the unit of each class. */
  readonly stranded: ReadonlyMap<ResourceClass, number>;
}

/** What is free on a host; those that do not tell have nothing. */
export interface Room {
  readonly host: Host;
  readonly free: Map<ResourceClass, number>;
}

/**
 * Packs the mix as Nova's scheduler does by default: each instance onto the host with the most free
 * RAM that takes it; of two, the first by name. The same seed gives the same run.
 */
export function packMix(
  hosts: readonly Host[],
  mix: readonly MixPart[],
  options: { readonly seed: number; readonly emptied?: boolean },
): Packing {
  const total = mix.reduce((sum, { count }) => sum + count, 0);
  assert(total > 0, 'a mix has instances');
  const rooms = hosts.map((host) => ({ host, free: freeOf(host, options.emptied === true) }));
  const heap = new FreestFirst(rooms);
  const needs = mix.map(({ flavor }) => needsOf(flavor));
  const placedByFlavor = mix.map(() => 0);
  for (let placed = 0; ; placed += 1) {
    const index = drawn(mix, arrivalAt(options.seed, placed) * total);
    const flavor = mix[index]?.flavor;
    const own = needs[index];
    assert(flavor !== undefined && own !== undefined, 'a flavor is drawn from the mix');
    if (
      !heap.place(
        (room) => hasRoom(room, flavor, own),
        (room) => claim(room, own),
      )
    ) {
      const shortOf = shortages(rooms, flavor, own);
      return { placed, placedByFlavor, refused: flavor, shortOf, stranded: leftOver(rooms) };
    }
    placedByFlavor[index] = (placedByFlavor[index] ?? 0) + 1;
  }
}

function drawn(mix: readonly MixPart[], at: number): number {
  let upTo = 0;
  const index = mix.findIndex(({ count }) => {
    upTo += count;
    return at < upTo;
  });
  return index < 0 ? mix.length - 1 : index;
}

function freeOf({ amounts }: Host, emptied: boolean): Map<ResourceClass, number> {
  return new Map(
    Object.entries(amounts).map(([name, amount]) => {
      const used = emptied ? 0 : (amount?.used ?? Number.POSITIVE_INFINITY);
      return [name, Math.max(0, (amount?.capacity ?? 0) - used)];
    }),
  );
}

function hasRoom({ host, free }: Room, flavor: NamedFlavor, needs: readonly Need[]): boolean {
  return (
    needs.every(({ resourceClass, amount }) => (free.get(resourceClass) ?? amount) >= amount) &&
    takes(host, flavor)
  );
}

function claim({ free }: Room, needs: readonly Need[]): void {
  for (const { resourceClass, amount } of needs) {
    const own = free.get(resourceClass);
    if (own !== undefined) free.set(resourceClass, own - amount);
  }
}

function shortages(
  rooms: readonly Room[],
  flavor: NamedFlavor,
  needs: readonly Need[],
): Map<ResourceClass, number> {
  const counts = new Map<ResourceClass, number>();
  for (const { host, free } of rooms) {
    if (!takes(host, flavor)) continue;
    const shares = needs.map(({ resourceClass, amount }) => ({
      resourceClass,
      share: (free.get(resourceClass) ?? Number.POSITIVE_INFINITY) / amount,
    }));
    const least = shares.reduce((a, b) => (b.share < a.share ? b : a));
    counts.set(least.resourceClass, (counts.get(least.resourceClass) ?? 0) + 1);
  }
  return counts;
}

function leftOver(rooms: readonly Room[]): Map<ResourceClass, number> {
  const sums = new Map<ResourceClass, number>();
  for (const { free } of rooms) {
    for (const [name, amount] of free) sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  return sums;
}
