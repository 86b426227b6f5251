import { compareText } from '../../identifiers.ts';
import type { ImportedDay, ImportedDemand } from '../../ports/capacity-store.ts';
import { overlaid } from '../imported-layers.ts';

export function memoryImportedDemand(): ImportedDemand {
  const layers = new Map<string, ImportedDay>();
  return {
    async put(added) {
      for (const day of added) {
        layers.set(`${day.region}#${day.metric}#${day.date}#${day.ingestId}`, structuredClone(day));
      }
    },
    async list(region, metric, from, to) {
      const found = [...layers.values()]
        .filter((day) => day.region === region && day.metric === metric)
        .filter((day) => day.date >= from && day.date < to);
      return [...Map.groupBy(found, ({ date }) => date).values()]
        .map(overlaid)
        .toSorted((a, b) => compareText(a.date, b.date));
    },
    async withdraw(region, ingestId) {
      for (const [name, day] of layers) {
        if (day.region === region && day.ingestId === ingestId) layers.delete(name);
      }
    },
  };
}
