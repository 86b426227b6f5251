import * as z from 'zod';
import type { Region } from '../identifiers.ts';
import { addDays, type Day } from '../period/calendar.ts';
import type { ImportedDay, ImportedDemand } from '../ports/capacity-store.ts';
import type { Metric } from './demand.ts';

/** Requests for instances that no host took on a day. */
export interface RefusedDay {
  readonly date: Day;
  readonly requests: number;
  /** Of those that told what they asked for. */
  readonly cores: number;
  readonly ramGib: number;
}

/**
 * From so much of a day's demand on, what was refused says that the region was short. Less is
 * refused on any day: for a wrong flavor, a trait or an affinity that no host can give.
 */
const SHORT_SHARE = 0.01;
const RECENT_DAYS = 30;

/** Whether what was refused of a metric is enough to say that demand was higher than what was seen. */
export function saysShort(refused: RefusedDay, metric: Metric, seen: number): boolean {
  const amount = amountOf(refused, metric);
  return amount > 0 && amount >= SHORT_SHARE * seen;
}

/** In cores or GiB. */
export function amountOf({ cores, ramGib }: RefusedDay, metric: Metric): number {
  return metric === 'cores' ? cores : ramGib;
}

/** Days on which any request was refused, from `from` to before `to`, oldest first. */
export async function refusedDays(
  imported: Pick<ImportedDemand, 'list'>,
  region: Region,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<readonly RefusedDay[]> {
  const [requests, cores, ram] = await Promise.all([
    imported.list(region, 'refused', from, to),
    imported.list(region, 'refused-cores', from, to),
    imported.list(region, 'refused-ram', from, to),
  ]);
  const coresOn = sumsByDay(cores);
  const ramOn = sumsByDay(ram);
  return [...sumsByDay(requests)].map(([date, count]) => ({
    date,
    requests: count,
    cores: coresOn.get(date) ?? 0,
    ramGib: ramOn.get(date) ?? 0,
  }));
}

function sumsByDay(days: readonly ImportedDay[]): ReadonlyMap<Day, number> {
  return new Map(
    days.map(({ date, hours }) => [date, hours.reduce<number>((sum, one) => sum + (one ?? 0), 0)]),
  );
}

/** What was refused lately, as the API tells it. */
export const refusedAnswer = z.strictObject({
  from: z.string().meta({ format: 'date' }),
  days: z.int().min(0).describe('Days on which any request was refused.'),
  requests: z.int().min(0).describe('Instances that no host took (NoValidHost).'),
  cores: z.number().min(0).describe('That they asked for, as far as it was told.'),
  ramGib: z.number().min(0),
});

/** Of the last 30 days; null when nothing was refused. */
export async function refusedLately(
  imported: Pick<ImportedDemand, 'list'>,
  region: Region,
  today: Day,
): Promise<z.infer<typeof refusedAnswer> | null> {
  const from = addDays(today, 1 - RECENT_DAYS);
  const days = await refusedDays(imported, region, { from, to: addDays(today, 1) });
  if (days.length === 0) return null;
  const sum = (of: (day: RefusedDay) => number) => days.reduce((total, day) => total + of(day), 0);
  return {
    from,
    days: days.length,
    requests: sum(({ requests }) => requests),
    cores: sum(({ cores }) => cores),
    ramGib: sum(({ ramGib }) => ramGib),
  };
}
