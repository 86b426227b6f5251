import { compareText } from '../../identifiers.ts';
import type { PartitionKey } from '../../ports/partitions.ts';
import type { ProjectDay, RegionDay, UsageTotals } from '../../ports/usage-totals.ts';

export function memoryUsageTotals(): UsageTotals {
  const days = new Map<string, { readonly region: RegionDay; readonly projects: ProjectDay[] }>();
  return {
    async replace(key, generation, projects, region) {
      const present = days.get(nameOf(key));
      if (present && present.region.generation > generation) return;
      days.set(nameOf(key), structuredClone({ region, projects: [...projects] }));
    },
    async listProjectDays(region, from, to) {
      return [...days.values()]
        .flatMap((day) => day.projects)
        .filter((day) => day.region === region && day.date >= from && day.date < to)
        .toSorted(
          (a, b) =>
            compareText(a.date, b.date) || compareText(a.project, b.project) || a.shard - b.shard,
        )
        .map((day) => structuredClone(day));
    },
    async listRegionDays(region, from, to) {
      return [...days.values()]
        .map((day) => day.region)
        .filter((day) => day.region === region && day.date >= from && day.date < to)
        .toSorted((a, b) => compareText(a.date, b.date) || a.shard - b.shard)
        .map((day) => structuredClone(day));
    },
  };
}

function nameOf({ region, date, shard }: PartitionKey): string {
  return `${region}#${date}#${shard}`;
}
