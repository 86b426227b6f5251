import { compareText } from '../../identifiers.ts';
import type { Retraction, Retractions } from '../../ports/retractions.ts';

export function memoryRetractions(): Retractions {
  const retractions = new Map<string, Retraction>();
  return {
    async add(retraction) {
      retractions.set(retraction.ingestId, structuredClone(retraction));
    },
    async list(region) {
      return [...retractions.values()]
        .filter((retraction) => retraction.region === region)
        .map(({ ingestId }) => ingestId)
        .toSorted(compareText);
    },
  };
}
