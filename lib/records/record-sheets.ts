import * as z from 'zod';
import { addDays, type Day } from '../period/calendar.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { keptForecastAt } from './keep-forecast.ts';
import { madeOnOfKey, recordFolder } from './kept-forecast.ts';
import { type RecordSheet, recordSheet, sheetOf } from './record-sheet.ts';
import { SHEETS_DAYS } from './track-record-of.ts';

type Lake = Pick<ObjectStore, 'get' | 'list' | 'put'>;
interface Target {
  readonly region: string;
  readonly metric: string;
}

const stored = z.strictObject({ schemaVersion: z.literal(1), sheets: z.array(recordSheet) });

/** Beside the records, and no truth of its own: whatever is missing in it is read from them again. */
function sheetsKey(target: Target): string {
  return `${recordFolder(target)}sheets.json`;
}

/**
 * What scoring needs of all forecasts of record that can still be scored. Only records that were not
 * read before are read, so that a night costs one of them.
 */
export async function recordSheets(
  lake: Lake,
  target: Target,
  today: Day,
): Promise<readonly RecordSheet[]> {
  const oldest = addDays(today, -SHEETS_DAYS);
  const known = new Map((await storedSheets(lake, target)).map((one) => [one.madeOn, one]));
  const days = await recordDays(lake, target, oldest);
  const sheets: RecordSheet[] = [];
  let isNew = known.size !== days.length;
  for (const { day, key } of days) {
    const sheet = known.get(day);
    isNew ||= sheet === undefined;
    const read = sheet ?? (await sheetAt(lake, key));
    if (read !== null) sheets.push(read);
  }
  if (isNew) await lake.put(sheetsKey(target), bytesOf({ schemaVersion: 1, sheets }));
  return sheets;
}

async function storedSheets(lake: Lake, target: Target): Promise<readonly RecordSheet[]> {
  const body = await lake.get(sheetsKey(target));
  if (body === null) return [];
  const parsed = stored.safeParse(JSON.parse(new TextDecoder().decode(body)));
  return parsed.success ? parsed.data.sheets : [];
}

/** Days of which there is a forecast of record, oldest first. */
async function recordDays(lake: Lake, target: Target, oldest: Day) {
  const days: { readonly day: Day; readonly key: string }[] = [];
  const folder = recordFolder(target);
  for await (const { key } of lake.list(folder, `${folder}${oldest}`)) {
    const day = madeOnOfKey(key);
    if (day !== null) days.push({ day, key });
  }
  return days;
}

async function sheetAt(lake: Lake, key: string): Promise<RecordSheet | null> {
  const kept = await keptForecastAt(lake, key);
  return kept && sheetOf(kept);
}

function bytesOf(value: z.input<typeof stored>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
