import { compareText, type Region } from '../../identifiers.ts';
import type { Day } from '../../period/calendar.ts';
import type { ImportedDay, ImportedDemand } from '../../ports/capacity-store.ts';
import { overlaid } from '../imported-layers.ts';

export function memoryImportedDemand(): ImportedDemand {
  const layers = new Map<string, ImportedDay>();
  return {
    async put(added) {
      for (const day of added) {
        const { region, metric, date, ingestId, project } = day;
        const name = JSON.stringify([region, metric, date, ingestId, project]);
        layers.set(name, structuredClone(day));
      }
    },
    list: async (region, metric, from, to) => overlaidDays({ region, metric, from, to }),
    listProject: async (query) => overlaidDays(query),
    async withdraw(region, ingestId) {
      for (const [name, day] of layers) {
        if (day.region === region && day.ingestId === ingestId) layers.delete(name);
      }
    },
  };

  function overlaidDays(query: {
    readonly region: Region;
    readonly metric: string;
    readonly project?: string;
    readonly from: Day;
    readonly to: Day;
  }): ImportedDay[] {
    const { region, metric, project, from, to } = query;
    const found = [...layers.values()]
      .filter((day) => day.region === region && day.metric === metric && day.project === project)
      .filter((day) => day.date >= from && day.date < to);
    return [...Map.groupBy(found, ({ date }) => date).values()]
      .map(overlaid)
      .toSorted((a, b) => compareText(a.date, b.date));
  }
}
