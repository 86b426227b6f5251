import { compareText } from '../../identifiers.ts';
import type { LakeIndex, SamplePart } from '../../ports/lake-index.ts';

export function memoryLakeIndex(): LakeIndex {
  const parts = new Map<string, SamplePart>();
  return {
    async add(added) {
      for (const part of added) parts.set(part.key, { ...part });
    },
    async list(region, date) {
      return [...parts.values()]
        .filter((part) => part.region === region && part.date === date)
        .toSorted((a, b) => compareText(a.key, b.key))
        .map((part) => ({ ...part }));
    },
  };
}
