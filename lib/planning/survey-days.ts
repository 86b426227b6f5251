import type { Host } from '../capacity/hosts.ts';
import type { Region } from '../identifiers.ts';
import { usageDayPrefix } from '../metering/lake-keys.ts';
import { addDays, type Day, dayOf, daysFrom } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { LakeIndex } from '../ports/lake-index.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Retractions } from '../ports/retractions.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { DayUsage, SurveyEngine, SurveyFindings } from '../ports/surveys.ts';

export interface SurveyDayPorts {
  readonly lakeIndex: Pick<LakeIndex, 'list'>;
  readonly retractions: Pick<Retractions, 'list'>;
  readonly lake: Pick<ObjectStore, 'list' | 'download'>;
  readonly engine: SurveyEngine;
  readonly scratch: Scratch;
  readonly now: () => Date;
}

/** Metering of yesterday may be late. */
const LATE_DAYS = 3;
const DOWNLOADS_AT_ONCE = 8;

/** Of the last days, the newest that has usage; null when none has. */
export async function lastMeteredDay(ports: SurveyDayPorts, region: Region): Promise<Day | null> {
  const today = dayOf(instantOfDate(ports.now()));
  for (let back = 1; back <= LATE_DAYS; back += 1) {
    const day = addDays(today, -back);
    if ((await usageKeys(ports, region, day)).length > 0) return day;
  }
  return null;
}

async function usageKeys({ lake }: SurveyDayPorts, region: Region, day: Day): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of lake.list(usageDayPrefix(region, day))) keys.push(key);
  return keys;
}

interface ReadDays {
  readonly findings: SurveyFindings;
  /** Of the last day. */
  readonly usage: readonly DayUsage[];
}

/** A day at a time: its files are removed before the next are fetched. */
export function readDays(
  ports: SurveyDayPorts,
  {
    region,
    last,
    days,
    hosts,
  }: {
    readonly region: Region;
    readonly last: Day;
    readonly days: number;
    readonly hosts: readonly Host[];
  },
): Promise<ReadDays> {
  return ports.scratch.use(async (scratchFolder) => {
    const names = hosts.map(({ name }) => name);
    return await ports.engine.open({ hosts: names, scratchFolder }, async (session) => {
      const withoutIngests = await ports.retractions.list(region);
      for (const date of daysFrom(addDays(last, 1 - days), addDays(last, 1))) {
        const keys = (await ports.lakeIndex.list(region, date)).map(({ key }) => key);
        await ports.scratch.use(async (folder) => {
          const sampleFiles = await download(ports, keys, folder);
          await session.addDay({ date, sampleFiles, withoutIngests });
        });
      }
      const findings = await session.findings();
      const usageFiles = await download(ports, await usageKeys(ports, region, last), scratchFolder);
      return { findings, usage: await session.usageOfDay(usageFiles) };
    });
  });
}

async function download(
  { lake }: SurveyDayPorts,
  keys: readonly string[],
  folder: string,
): Promise<string[]> {
  const queue = keys.entries();
  const found: string[] = [];
  await Promise.all(
    Array.from({ length: DOWNLOADS_AT_ONCE }, async () => {
      for (const [index, key] of queue) {
        const path = `${folder}/${index}.parquet`;
        if (await lake.download(key, path)) found.push(path);
      }
    }),
  );
  return found.sort();
}
