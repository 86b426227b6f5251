import { compareText } from '../../identifiers.ts';
import type { CapacitySnapshot, CapacityStore } from '../../ports/capacity-store.ts';
import { isNewer } from '../snapshot-order.ts';

export function memoryCapacityStore(): CapacityStore {
  const snapshots = new Map<string, CapacitySnapshot>();
  return {
    async put(snapshot) {
      const name = `${snapshot.region}#${snapshot.source}`;
      const present = snapshots.get(name);
      if (!present || isNewer(snapshot, present)) snapshots.set(name, structuredClone(snapshot));
    },
    async latest(region) {
      return [...snapshots.values()]
        .filter((snapshot) => snapshot.region === region)
        .toSorted((a, b) => compareText(a.source, b.source))
        .map((snapshot) => structuredClone(snapshot));
    },
  };
}
