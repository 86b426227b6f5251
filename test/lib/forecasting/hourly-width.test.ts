import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastSeries } from '../../../lib/forecasting/forecast-series.ts';
import { hourlyWidth } from '../../../lib/forecasting/hourly-width.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';

/** Noise around 100, ten times as large at noon. */
function hours(count: number): number[] {
  const normal = normalSource(seededRandom(5));
  return Array.from(
    { length: count },
    (_, hour) => 100 + (hour % 24 === 12 ? 10 : 1) * 2 * normal(),
  );
}

const series = (values: readonly number[]) => ({ start: 0, step: 'hour' as const, values });

describe('the width of bands by the hour of the day', () => {
  it('is larger at hours that differ more from day to day, and usual at the others', () => {
    const widthAt = hourlyWidth(series(hours(20 * 24 + 7)));
    for (const index of [12, 12 + 24 * 30, 12 - 24 * 2])
      expect(widthAt(index)).toBeGreaterThan(1.5);
    for (const index of [3, 20, 3 + 24 * 30]) expect(widthAt(index)).toBeCloseTo(1, 1);
  });

  it('is never below the usual, and neither moving nor scaling demand changes it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 60, maxLength: 120 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.integer({ min: -50, max: 50 }),
        (values, scale, move) => {
          const widthAt = hourlyWidth(series(values));
          const moved = hourlyWidth(series(values.map((value) => scale * value + move)));
          for (let index = 0; index < 24; index += 1) {
            expect(widthAt(index)).toBeGreaterThanOrEqual(1);
            expect(moved(index)).toBeCloseTo(widthAt(index), 3);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is the same for all hours of too few days, of a constant, and for longer steps', () => {
    for (const values of [hours(71), Array.from({ length: 240 }, () => 7)]) {
      expect(hourlyWidth(series(values))(12)).toBe(1);
    }
    expect(hourlyWidth({ start: 0, step: 'day', values: hours(480) })(12)).toBe(1);
  });

  it('shows in the forecast', () => {
    const result = forecastSeries(series(hours(20 * 24)), 24);
    if (!result.ok) throw new Error(result.reason);
    const [low, high] = [result.forecast.quantile(0.025), result.forecast.quantile(0.975)];
    const width = (hour: number) => (high[hour] ?? 0) - (low[hour] ?? 0);
    expect(width(12)).toBeGreaterThan(1.4 * width(13));
  });
});
