import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceedance } from '../../../lib/forecasting/exceedance.ts';
import { forecastSeries } from '../../../lib/forecasting/forecast-series.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';
import { primarySeasonSteps, type Step } from '../../../lib/forecasting/series.ts';

/** Noise around a level of 100, with a launch of 100 that lasts two days every `every` days. */
function days(count: number, every = Number.POSITIVE_INFINITY): number[] {
  const normal = normalSource(seededRandom(3));
  return Array.from(
    { length: count },
    (_, day) => 100 + 2 * normal() + (day % every > every - 3 ? 100 : 0),
  );
}

/** Noise around 100 by hour, and on every third day or so a batch of 60 more at noon, for an hour. */
function batches(hours: number): number[] {
  const random = seededRandom(11);
  const normal = normalSource(random);
  let isBatchDay = false;
  return Array.from({ length: hours }, (_, hour) => {
    if (hour % 24 === 0) isBatchDay = random() < 1 / 3;
    return 100 + 2 * normal() + (isBatchDay && hour % 24 === 12 ? 60 : 0);
  });
}

function probabilities(
  values: readonly (number | null)[],
  capacity: number,
  { horizon = 14, step = 'day' as Step } = {},
) {
  const result = forecastSeries({ start: 0, step, values }, horizon);
  if (!result.ok) throw new Error(result.reason);
  return exceedance({
    history: values,
    forecast: result.forecast,
    capacity: new Float64Array(horizon).fill(capacity),
    seasonSteps: primarySeasonSteps(step),
    seed: 1,
  });
}

const last = (values: Float64Array) => values.at(-1) ?? Number.NaN;

describe('the probability of exceeding capacity', () => {
  it('never falls, and lies between 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 300 }), (capacity) => {
        const result = probabilities(days(60, 17), capacity);
        let before = 0;
        for (const probability of result) {
          expect(probability).toBeGreaterThanOrEqual(before);
          expect(probability).toBeLessThanOrEqual(1);
          before = probability;
        }
      }),
      { numRuns: 10 },
    );
  });

  it('is near one where demand stands above capacity, and near nothing far above demand', () => {
    expect(last(probabilities(days(120), 90))).toBeGreaterThan(0.95);
    expect(last(probabilities(days(120), 10_000))).toBeLessThan(0.001);
  });

  it('is higher where history knows launches that the level of today does not show', () => {
    const quiet = last(probabilities(days(120), 150));
    const launches = last(probabilities([...days(100, 25), ...days(20)], 150));
    expect(launches).toBeGreaterThan(quiet + 0.1);
  });

  it('knows at which time of day history rose', () => {
    const nextHours = (hours: number) =>
      last(probabilities(batches(hours), 140, { horizon: 6, step: 'hour' }));
    expect(nextHours(30 * 24 + 9)).toBeGreaterThan(0.15);
    expect(nextHours(30 * 24 + 15)).toBeLessThan(0.04);
  });

  it('is not raised by more hosts', () => {
    const values = days(90, 20);
    let before = Number.POSITIVE_INFINITY;
    for (const capacity of [90, 101, 104, 120, 150, 190, 210, 400]) {
      const probability = last(probabilities(values, capacity));
      expect(probability).toBeLessThanOrEqual(before);
      before = probability;
    }
  });

  it('is the same for the same seed, and told of a history with gaps and of one value', () => {
    const gaps = days(60).map((value, day) => (day % 9 === 4 ? null : value));
    expect(probabilities(gaps, 105)).toEqual(probabilities(gaps, 105));
    for (const probability of probabilities([100, 100], 120)) {
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
  });
});
