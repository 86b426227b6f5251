import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import type { SurveyRecord, SurveyStore } from '../../ports/surveys.ts';
import { readSet, readThroughMarker, replaceSet, setRefShape } from './chunked-set.ts';
import { regionSchema } from './stored-json.ts';
import { getItem, type Table } from './table.ts';

const markerRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  day: z.string(),
  ...setRefShape,
});
const recordSchema: z.ZodType<SurveyRecord> = z.strictObject({
  region: regionSchema,
  day: z.string(),
  createdAt: z.string(),
  body: z.unknown(),
});

/** One marker a region: the newest survey. The lake keeps the others. */
export function dynamodbSurveyStore(table: Table): SurveyStore {
  return {
    async put(record) {
      await replaceSet(table, markerOf(record.region), {
        values: [['survey', record]],
        attributes: { day: record.day },
        mayReplace: (present) => present === null || markerRow.parse(present).day <= record.day,
      });
    },
    async latest(region) {
      const found = await readThroughMarker(async () => {
        const item = await getItem(table, markerOf(region));
        if (item === null) return null;
        const marker = markerRow.parse(item);
        const values = await readSet(table, marker.pk, marker);
        return values === null ? 'retry' : recordSchema.parse(values.get('survey'));
      });
      if (found !== 'retry') return found;
      throw new ProblemError('busy', `The survey of ${region} is being replaced. Try again.`);
    },
  };
}

function markerOf(region: string) {
  return { pk: `SURVEY#${region}`, sk: 'CURRENT' };
}
