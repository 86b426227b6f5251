import { compareText, type Region } from '../../identifiers.ts';
import type { Regions } from '../../ports/regions.ts';

export function memoryRegions(): Regions {
  const regions = new Map<Region, string>();
  return {
    async ensure(region, at) {
      if (!regions.has(region)) regions.set(region, at.toISOString());
    },
    async list() {
      return [...regions]
        .map(([region, createdAt]) => ({ region, createdAt }))
        .toSorted((a, b) => compareText(a.region, b.region));
    },
    async exists(region) {
      return regions.has(region);
    },
  };
}
