import { compareText } from '../../identifiers.ts';
import type { ImportedDay, ImportedDemand } from '../../ports/capacity-store.ts';

export function memoryImportedDemand(): ImportedDemand {
  const days = new Map<string, ImportedDay>();
  return {
    async put(added) {
      for (const day of added) {
        const name = `${day.region}#${day.metric}#${day.date}`;
        const present = days.get(name);
        const hours = Array.from(
          { length: 24 },
          (_, hour) => day.hours[hour] ?? present?.hours[hour] ?? null,
        );
        days.set(name, { ...day, hours });
      }
    },
    async list(region, metric, from, to) {
      return [...days.values()]
        .filter((day) => day.region === region && day.metric === metric)
        .filter((day) => day.date >= from && day.date < to)
        .toSorted((a, b) => compareText(a.date, b.date))
        .map((day) => structuredClone(day));
    },
  };
}
