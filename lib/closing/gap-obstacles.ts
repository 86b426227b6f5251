import type { DayGaps } from '../completeness/region-gaps.ts';
import type { Day } from '../period/calendar.ts';

/** What is missing of a region's month without doubt: a close refuses it, unless a person accepts it with a reason. */
export interface RegionGaps {
  /** Hours (0 to 23, UTC) by day; a day that lacks all is one of `missingDays`. */
  readonly missingHours: readonly { readonly date: Day; readonly hours: readonly number[] }[];
  readonly missingDays: readonly Day[];
  /** Sources that delivered before and not on these days, though others did. */
  readonly silentSources: readonly { readonly source: string; readonly days: readonly Day[] }[];
}

const HOURS_PER_DAY = 24;

export function gapsOf(days: readonly DayGaps[]): RegionGaps {
  const lacking = days.filter(({ missingHours }) => missingHours.length > 0);
  const bySource = new Map<string, Day[]>();
  for (const { date, seen, silentSources } of days) {
    if (seen === 0) continue;
    for (const source of silentSources) {
      bySource.set(source, [...(bySource.get(source) ?? []), date]);
    }
  }
  return {
    missingHours: lacking
      .filter(({ missingHours }) => missingHours.length < HOURS_PER_DAY)
      .map(({ date, missingHours }) => ({ date, hours: missingHours })),
    missingDays: lacking
      .filter(({ missingHours }) => missingHours.length === HOURS_PER_DAY)
      .map(({ date }) => date),
    silentSources: [...bySource].map(([source, silent]) => ({ source, days: silent })),
  };
}

const TOLD_MAX = 5;

/** In words, each gap by its name. */
export function gapTexts(
  region: string,
  { missingHours, missingDays, silentSources }: RegionGaps,
): string[] {
  const days =
    missingDays.length === 0 ? [] : [`region ${region}: no readings on ${listed(missingDays)}`];
  const hours =
    missingHours.length === 0
      ? []
      : [`region ${region}: no readings in ${listed(missingHours.map(hoursText))} (UTC)`];
  const sources = silentSources.map(
    ({ source, days: silent }) =>
      `region ${region}: source "${source}" delivered nothing on ${listed(silent)}`,
  );
  return [...days, ...hours, ...sources];
}

/** Hours that follow one another as one range: `2026-10-05 11:00-13:00`. */
function hoursText({
  date,
  hours,
}: {
  readonly date: Day;
  readonly hours: readonly number[];
}): string {
  const ranges: { from: number; to: number }[] = [];
  for (const hour of hours) {
    const last = ranges.at(-1);
    if (last?.to === hour) last.to = hour + 1;
    else ranges.push({ from: hour, to: hour + 1 });
  }
  return `${date} ${ranges.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(' and ')}`;
}

function clock(hour: number): string {
  return `${hour.toString().padStart(2, '0')}:00`;
}

function listed(items: readonly string[]): string {
  const told = items.slice(0, TOLD_MAX).join(', ');
  return items.length > TOLD_MAX ? `${told} and ${items.length - TOLD_MAX} more` : told;
}
