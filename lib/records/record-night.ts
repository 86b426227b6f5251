import type { ObjectStore } from '../ports/object-store.ts';
import { keepForecast } from './keep-forecast.ts';
import type { KeptForecast } from './kept-forecast.ts';
import { recordSheets } from './record-sheets.ts';
import type { Happened } from './score-sheets.ts';
import type { TrackRecord } from './track-record.ts';
import { trackRecordOf } from './track-record-of.ts';

/**
 * Keeps a forecast that was just made, should it be the first of its day, and scores all that are
 * kept against the days that came since. Null while nothing can be scored.
 */
export async function recordNight(
  lake: Pick<ObjectStore, 'get' | 'head' | 'list' | 'put'>,
  kept: KeptForecast,
  happened: Happened,
): Promise<TrackRecord | null> {
  await keepForecast(lake, kept);
  const { region, metric, madeOn } = kept;
  const sheets = await recordSheets(lake, kept, madeOn);
  return trackRecordOf({ region, metric, sheets, happened });
}
