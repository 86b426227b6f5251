import type { Metric } from '../capacity/demand.ts';
import { addDays, type Day, startOfDay } from '../period/calendar.ts';
import { DAY_US } from '../period/instant.ts';
import { type RecordSheet, SCORED_DAYS } from './record-sheet.ts';
import {
  errorPercents,
  type Happened,
  held,
  scoredDays,
  scoreExhaustion,
  scoreHorizons,
} from './score-sheets.ts';
import type { TrackRecord } from './track-record.ts';

/** Forecasts are judged by the days of the last half year. */
const WINDOW_DAYS = 183;
/** Sheets of older origins are not needed: nothing of the window was forecast from there. */
export const SHEETS_DAYS = WINDOW_DAYS + Math.max(...SCORED_DAYS);
const DAYS_PER_MONTH = 30.4;

/**
 * The forecasts of record against the days that came, by how far ahead they were made. Null while
 * no day that was forecast has come.
 */
export function trackRecordOf(input: {
  readonly region: string;
  readonly metric: Metric;
  readonly sheets: readonly RecordSheet[];
  readonly happened: Happened;
}): TrackRecord | null {
  const { region, metric, happened } = input;
  const sheets = newestOfOrigin(input.sheets);
  const last = [...happened.keys()].reduce((a, b) => (a > b ? a : b), '');
  if (last === '') return null;
  const from = addDays(last, 1 - WINDOW_DAYS);
  const all = SCORED_DAYS.flatMap((days) => scoredDays(sheets, happened, { days, from }));
  const dates = all.map(({ date }) => date).sort();
  const [first, to] = [dates[0], dates.at(-1)];
  if (first === undefined || to === undefined) return null;
  const days = (startOfDay(to) - startOfDay(first)) / DAY_US + 1;
  const summary = {
    days,
    ...errorPercents(all),
    coverage80: held(all, 0.1, 0.9),
    coverage95: held(all, 0.025, 0.975),
  };
  return {
    region,
    metric,
    unit: metric === 'cores' ? 'cores' : 'GiB',
    from: first,
    to,
    forecasts: sheets.length,
    summary: { text: summaryText(summary), ...summary },
    horizons: scoreHorizons(sheets, happened, from),
    exhaustion: scoreExhaustion(sheets, happened, { from, to: last }),
  };
}

/** One forecast for each last day observed: the newest, where data came late or not at all. */
function newestOfOrigin(sheets: readonly RecordSheet[]): RecordSheet[] {
  const byOrigin = new Map<Day, RecordSheet>();
  for (const sheet of sheets.toSorted((a, b) => (a.madeOn < b.madeOn ? -1 : 1))) {
    byOrigin.set(sheet.origin, sheet);
  }
  return [...byOrigin.values()];
}

/** "last 6 months: error 4.1 %, interval held 79 % of target 80 %". */
function summaryText(summary: {
  readonly days: number;
  readonly errorPercent: number | null;
  readonly coverage80: number;
}): string {
  const { days, errorPercent: error, coverage80 } = summary;
  const months = Math.round(days / DAYS_PER_MONTH);
  const span = months >= 2 ? `${months} months` : days === 1 ? 'day' : `${days} days`;
  const told = error === null ? '' : `error ${error.toFixed(1)} %, `;
  return `last ${span}: ${told}interval held ${Math.round(100 * coverage80)} % of target 80 %`;
}
