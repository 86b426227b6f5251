import { compareText } from '../../identifiers.ts';
import type { CapacitySnapshot, CapacityStore } from '../../ports/capacity-store.ts';
import { isNewer } from '../snapshot-order.ts';

export function memoryCapacityStore(): CapacityStore {
  const kept = new Map<
    string,
    { readonly snapshot: CapacitySnapshot; readonly ingestId: string }
  >();
  return {
    async put(snapshot, ingestId) {
      const name = JSON.stringify([snapshot, ingestId]);
      kept.set(name, structuredClone({ snapshot, ingestId }));
    },
    async latest(region) {
      const newest = new Map<string, CapacitySnapshot>();
      for (const { snapshot } of kept.values()) {
        if (snapshot.region !== region) continue;
        const present = newest.get(snapshot.source);
        if (!present || isNewer(snapshot, present)) newest.set(snapshot.source, snapshot);
      }
      return [...newest.values()]
        .toSorted((a, b) => compareText(a.source, b.source))
        .map((snapshot) => structuredClone(snapshot));
    },
    async withdraw(region, ingestId) {
      for (const [name, { snapshot, ingestId: own }] of kept) {
        if (snapshot.region === region && own === ingestId) kept.delete(name);
      }
    },
  };
}
