import type { ForecastRecord, ForecastStore } from '../../ports/documents.ts';

export function memoryForecastStore(): ForecastStore {
  const records = new Map<string, ForecastRecord>();
  return {
    async put(record) {
      const name = `${record.region}#${record.metric}`;
      const present = records.get(name);
      if (present && present.origin > record.origin) return;
      records.set(name, structuredClone(record));
    },
    async latest(region, metric) {
      return structuredClone(records.get(`${region}#${metric}`) ?? null);
    },
  };
}
