import { describe, expect, it } from 'vitest';
import {
  newest,
  type Series,
  sliceThrough,
  startOfStep,
  visibleSeasons,
} from '../../../lib/forecasting/series.ts';
import { formatInstant, parseInstant } from '../../../lib/period/instant.ts';

const at = (text: string) => parseInstant(text) ?? Number.NaN;

describe('a series', () => {
  it.each([
    { step: 'hour', index: 25, start: '2026-01-31T00:00:00Z', expected: '2026-02-01T01:00:00Z' },
    { step: 'day', index: 28, start: '2026-02-01T00:00:00Z', expected: '2026-03-01T00:00:00Z' },
    { step: 'week', index: 2, start: '2026-02-01T00:00:00Z', expected: '2026-02-15T00:00:00Z' },
    { step: 'month', index: 13, start: '2026-01-01T00:00:00Z', expected: '2027-02-01T00:00:00Z' },
  ] as const)('puts step $index by $step at $expected', ({ step, index, start, expected }) => {
    expect(formatInstant(startOfStep({ start: at(start), step }, index))).toBe(expected);
  });

  it('shows nothing after the origin it is cut at', () => {
    const series: Series = { start: 0, step: 'day', values: [1, null, 3, 4] };
    expect(sliceThrough(series, 1).values).toEqual([1, null]);
    expect(() => sliceThrough(series, 4)).toThrow('origin');
  });

  it('keeps the dates of its newest observations', () => {
    const series: Series = {
      start: at('2026-01-01T00:00:00Z'),
      step: 'day',
      values: [1, 2, 3, 4],
    };
    const cut = newest(series, 2);
    expect(cut.values).toEqual([3, 4]);
    expect(formatInstant(cut.start)).toBe('2026-01-03T00:00:00Z');
    expect(newest(series, 9)).toBe(series);
  });

  it('carries a season only when it is seen twice', () => {
    expect(visibleSeasons('hour', 335)).toEqual([24]);
    expect(visibleSeasons('hour', 336)).toEqual([24, 168]);
    expect(visibleSeasons('week', 103)).toEqual([]);
    expect(visibleSeasons('month', 24)).toEqual([12]);
  });
});
