import { describe, expect, it } from 'vitest';
import { forecastResponse } from '../../../lib/capacity/forecast-answer.ts';
import { addDays } from '../../../lib/period/calendar.ts';
import { forecastOf } from './one-resource.ts';

const START = '2026-01-01';

function told(values: readonly number[], usable = 1_000) {
  const days = values.map((peak, index) => ({
    date: addDays(START, index),
    mean: peak,
    peak,
    source: 'metered' as const,
  }));
  return forecastOf({ region: 'west', metric: 'cores', days, usable, horizonDays: 90 });
}

describe('a strange demand gets an answer with its width, or is told what is missing', () => {
  it.each([
    ['no day', []],
    ['one day', [5]],
  ])('%s', (_name, values) => {
    expect(told(values)).toMatchObject({
      status: 'not_enough_data',
      observations: values.length,
      observationsNeeded: 2,
    });
  });

  it.each([
    ['two days', [5, 6]],
    ['all zero', new Array<number>(100).fill(0)],
    ['always the same', new Array<number>(400).fill(123)],
    ['a spike of 1e12', Array.from({ length: 200 }, (_, i) => (i === 150 ? 1e12 : 100 + (i % 7)))],
    ['a fall to nothing', Array.from({ length: 300 }, (_, i) => Math.max(0, 200 - i))],
    ['full from the first day on', Array.from({ length: 60 }, () => 1_000)],
    ['above capacity by far', Array.from({ length: 200 }, (_, i) => 5_000 + i)],
    ['1,500 days', Array.from({ length: 1_500 }, (_, i) => 100 + i / 10 + 5 * Math.sin(i / 9))],
  ])('%s', (_name, values) => {
    const answer = told(values);
    expect(forecastResponse.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
    if (answer.status !== 'forecast') throw new Error('no forecast');
    for (const [step, mean] of answer.mean.entries()) {
      const [low = -1, high = -1] = [answer.lo95[step], answer.hi95[step]];
      expect(Number.isFinite(mean) && low >= 0 && high >= low && Number.isFinite(high)).toBe(true);
    }
  });

  it('a constant is forecast as the constant', () => {
    const answer = told(new Array<number>(400).fill(123));
    if (answer.status !== 'forecast') throw new Error('no forecast');
    for (const mean of answer.mean) expect(mean).toBeCloseTo(123, 6);
  });

  it('days with gaps between them keep their gaps', () => {
    const days = [0, 1, 2, 5, 6, 9, 20, 21, 22, 40].map((index) => ({
      date: addDays(START, index),
      mean: 100 + index,
      peak: 100 + index,
      source: 'imported' as const,
    }));
    const answer = forecastOf({ region: 'w', metric: 'ram', days, usable: null, horizonDays: 30 });
    if (answer.status !== 'forecast') throw new Error('no forecast');
    expect(answer.plan?.data.missingDays).toBe(31);
    expect(answer.mean.every(Number.isFinite)).toBe(true);
  });
});
