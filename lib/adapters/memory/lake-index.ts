import { compareText } from '../../identifiers.ts';
import type { LakeIndex, MergedPart, SamplePart } from '../../ports/lake-index.ts';

export function memoryLakeIndex(): LakeIndex {
  const parts = new Map<string, SamplePart | MergedPart>();
  const ofDay = (region: string, date: string) =>
    [...parts.values()]
      .filter((part) => part.region === region && part.date === date)
      .toSorted((a, b) => compareText(a.key, b.key));
  return {
    async add(added) {
      // One that stands keeps what it replaces: an ingest that is tried again adds its parts again.
      for (const part of added) parts.set(part.key, { ...parts.get(part.key), ...part });
    },
    async list(region, date) {
      const all = ofDay(region, date);
      const replaced = new Set(all.flatMap((part) => ('replaces' in part ? part.replaces : [])));
      return all
        .filter(({ key }) => !replaced.has(key))
        .map(({ key, rows }) => ({ region, date, key, rows }));
    },
    async replace(part) {
      parts.set(part.key, { ...part });
    },
    async listMerged(region, date) {
      return ofDay(region, date).filter((part): part is MergedPart => 'replaces' in part);
    },
    async settle({ region, date, key, rows, replaces }) {
      for (const old of replaces) parts.delete(old);
      parts.set(key, { region, date, key, rows });
    },
  };
}
