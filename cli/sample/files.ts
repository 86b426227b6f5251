import { gunzipSync, gzipSync } from 'node:zlib';
import { addDays, dayOf, daysFrom } from '../../lib/period/calendar.ts';
import { ceilometerDay, type SampleFile } from './ceilometer.ts';
import type { SampleCloud, SampleRegion } from './cloud.ts';
import { gnocchiHistory } from './history.ts';
import { placementExport } from './placement.ts';

/**
 * Every file of the sample cloud, in the order in which it arrives: history and capacity first, then
 * a day of each region after another, one day late, one file twice under another name, and one
 * with rows that nobody can bill.
 */
export function* sampleFiles(cloud: SampleCloud): Generator<SampleFile> {
  yield* gnocchiHistory(cloud);
  for (const region of cloud.regions) yield placementExport(cloud, region);
  const days = daysFrom(dayOf(cloud.start), addDays(dayOf(cloud.end - 1), 1));
  const late: SampleFile[] = [];
  for (const [index, day] of days.entries()) {
    for (const region of cloud.regions) {
      const file = ceilometerDay(region, day, { end: cloud.end, seed: cloud.seed });
      const isLate = index === LATE_DAY && region.character === 'steady-growth';
      if (isLate) late.push(file);
      else yield file;
      yield* mishaps(file, region, index);
    }
  }
  yield* late;
}

/** Days counted from the start, 0 first, on which something goes wrong. */
const LATE_DAY = 17;
const RESENT_DAY = 4;
const FAULTY_DAY = 6;

function* mishaps(file: SampleFile, region: SampleRegion, dayIndex: number): Generator<SampleFile> {
  if (dayIndex === RESENT_DAY && region.character === 'nearly-full') yield resent(file);
  if (dayIndex === FAULTY_DAY && region.character === 'weekly-with-launch') yield withFaults(file);
}

/** How many files `sampleFiles` will give, without making them. */
export function countSampleFiles(cloud: SampleCloud): number {
  const days = daysFrom(dayOf(cloud.start), addDays(dayOf(cloud.end - 1), 1)).length;
  return cloud.regions.length * (days + 3) + 2;
}

/** The publisher tried again: the same rows in another file. */
function resent(file: SampleFile): SampleFile {
  return { ...file, name: file.name.replace('.jsonl.gz', '-resent.jsonl.gz') };
}

/** A small file of the same day in which most rows are wrong, each in its own way. */
function withFaults(file: SampleFile): SampleFile {
  const [line = '{}'] = gunzipSync(file.body).toString('utf8').split('\n', 1);
  const faults = [
    line.replace(/"volume": \d+/, '"volume": -4'),
    line.replace(/"volume": \d+/, '"volume": "4"'),
    line.replace(/"project_id": "[^"]*"/, '"project_id": ""'),
    line.replace(/"timestamp": "[^"]*"/, '"timestamp": "2026-02-30T00:00:00"'),
    line.replace('"unit": "vcpu"', '"unit": "cores"'),
    line.slice(0, 80),
    line,
  ];
  return {
    region: file.region,
    name: file.name.replace('ceilometer-', 'faulty-'),
    rows: faults.length,
    body: gzipSync(faults.map((fault) => `${fault}\n`).join('')),
  };
}
