import { describe, expect, it } from 'vitest';
import type { DayCompleteness } from '../../../lib/ports/day-completeness.ts';
import { LAKE_SAMPLE, type LakeSample } from './lake-sample.ts';
import { type MeterOptions, meterSamples } from './metered-days.ts';

const DAY = '2026-10-05';
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function sample(time: string, fields: Partial<LakeSample> = {}): LakeSample {
  return { ...LAKE_SAMPLE, time: Date.parse(`2026-10-${time}:00Z`) * 1_000, ...fields };
}

const hourly = (day: string, hours: readonly number[], fields: Partial<LakeSample> = {}) =>
  hours.map((hour) => sample(`${day}T${hour.toString().padStart(2, '0')}:30`, fields));

async function completeness(
  rows: readonly LakeSample[],
  options: Omit<MeterOptions, 'parts'> = {},
): Promise<DayCompleteness> {
  const { days } = await meterSamples({ parts: [rows], days: [DAY], ...options });
  const told = days.get(DAY)?.regionDay.completeness;
  if (told === undefined) throw new Error('metering told nothing');
  return told;
}

/** Hours of which so many series are counted. */
const at = (counts: readonly number[], count: number) =>
  HOURS.filter((hour) => counts[hour] === count);

describe('the completeness of a day', () => {
  it('counts the series of each hour: those expected, and those that a reading covers', async () => {
    const told = await completeness([
      ...hourly('04', [22, 23]),
      ...hourly('05', [0, 1, 2, 5]),
      ...hourly('05', [4, 5], { resource: 'r2' }),
    ]);
    expect(told).toMatchObject({ expected: 1, seen: 2, missing: 0, readings: 6, readHours: 6 });
    expect(at(told.expectedByHour, 1)).toEqual([0, 1, 2, 3]);
    expect(at(told.expectedByHour, 2)).toEqual(HOURS.slice(4));
    expect(at(told.coveredByHour, 1)).toEqual([0, 1, 2, 4]);
    expect(at(told.coveredByHour, 2)).toEqual([5]);
    expect(told.sources).toEqual(['openstack']);
  });

  it('expects what was read shortly before, and misses what is not seen', async () => {
    const told = await completeness([
      ...hourly('04', [23]),
      ...hourly('04', [23], { resource: 'r2' }),
      ...hourly('04', [23], { resource: 'r3', deleted: true }),
      ...hourly('05', [0]),
    ]);
    expect(told).toMatchObject({ expected: 2, seen: 1, missing: 1 });
    expect(at(told.expectedByHour, 2)).toEqual(HOURS);
    expect(at(told.coveredByHour, 1)).toEqual([0]);
  });

  it('expects nothing of a resource after it was deleted, of none of its meters', async () => {
    const told = await completeness([
      ...hourly('04', [23]),
      ...hourly('04', [23], { meter: 'cpu', volume: 1n }),
      ...hourly('05', [0, 1]),
      ...hourly('05', [2], { deleted: true }),
    ]);
    expect(told).toMatchObject({ expected: 2, seen: 1, missing: 0 });
    expect(at(told.expectedByHour, 2)).toEqual([0, 1, 2]);
    expect(at(told.expectedByHour, 0)).toEqual(HOURS.slice(3));
    expect(at(told.coveredByHour, 1)).toEqual([0, 1, 2]);
  });

  it('takes hours as covered that a period, or the interval of the settings, reaches over', async () => {
    const midnight = Date.parse('2026-10-06T00:00:00Z') * 1_000;
    const period = await completeness([sample('05T06:10', { heldUntil: midnight })]);
    expect(at(period.coveredByHour, 1)).toEqual(HOURS.slice(6));
    const metering = [{ from: '2026-01-01', intervalSeconds: 7_200 }];
    const slow = await completeness(hourly('05', [0, 2, 4, 9]), { metering });
    expect(at(slow.coveredByHour, 1)).toEqual([0, 1, 2, 3, 4, 5, 9, 10]);
  });

  it('is empty for a day without samples, and adds up over shards', async () => {
    const none = await completeness(hourly('03', [1]));
    expect(none).toMatchObject({ expected: 0, seen: 0, missing: 0, readings: 0, sources: [] });
    const rows = ['a', 'b', 'c', 'd', 'e'].flatMap((resource) =>
      hourly('05', [1, 2], { resource }),
    );
    const shards = await Promise.all(
      [0, 1, 2].map((shard) => completeness(rows, { shard, shards: 3 })),
    );
    expect(shards.reduce((sum, { seen }) => sum + seen, 0)).toBe(5);
    expect(shards.map(({ sources }) => sources)).toEqual([['openstack'], [], []]);
  });
});
