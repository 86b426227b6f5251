import type { SurveyRecord, SurveyStore } from '../../ports/surveys.ts';

export function memorySurveyStore(): SurveyStore {
  const records = new Map<string, SurveyRecord>();
  return {
    async put(record) {
      const present = records.get(record.region);
      if (present && present.day > record.day) return;
      records.set(record.region, structuredClone(record));
    },
    async latest(region) {
      return structuredClone(records.get(region) ?? null);
    },
  };
}
