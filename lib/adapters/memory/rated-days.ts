import { compareText } from '../../identifiers.ts';
import type { RatedDay, RatedDays } from '../../ports/rated-history.ts';

export function memoryRatedDays(): RatedDays {
  const days = new Map<string, RatedDay>();
  const versionOf = (name: string) => days.get(name)?.version ?? 0;
  return {
    version: async (region, date) => versionOf(`${region}#${date}`),
    async replace(day, version) {
      const name = `${day.region}#${day.date}`;
      if (versionOf(name) !== version) return false;
      days.set(name, structuredClone({ ...day, version: version + 1 }));
      return true;
    },
    async list(region, from, to) {
      return [...days.values()]
        .filter((day) => day.region === region && day.date >= from && day.date < to)
        .filter(({ sums }) => sums.length > 0)
        .toSorted((a, b) => compareText(a.date, b.date))
        .map((day) => structuredClone(day));
    },
  };
}
