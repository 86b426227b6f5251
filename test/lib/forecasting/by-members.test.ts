import { describe, expect, it } from 'vitest';
import { asByMembers, type Members } from '../../../lib/forecasting/by-members.ts';
import { forecastSeries } from '../../../lib/forecasting/forecast-series.ts';
import type { Forecast } from '../../../lib/forecasting/forecaster.ts';
import { seededRandom } from '../../../lib/forecasting/random.ts';
import type { Series } from '../../../lib/forecasting/series.ts';
import { startOfDay } from '../../../lib/period/calendar.ts';

/** Two hundred days that grow by one a day, with a week in them. */
const HISTORY: Series = {
  start: startOfDay('2026-05-01'),
  step: 'day',
  values: Array.from({ length: 200 }, (_, day) => 500 + day + 5 * (day % 7)),
};
const NAIVE: Members = [{ name: 'seasonal_naive_7', weight: 1 }];

function forecastOf(): { readonly forecast: Forecast; readonly members: Members } {
  const made = forecastSeries(HISTORY, 30);
  if (!made.ok) throw new Error('two hundred days are enough');
  return made;
}

describe('a forecast as it would be by other models', () => {
  it('is the same, to the last digit, by the same models', () => {
    const { forecast, members } = forecastOf();
    const same = asByMembers(forecast, HISTORY, { earlier: members, present: members });
    expect(same?.mean).toEqual(forecast.mean);
    expect(same?.quantile(0.9)).toEqual(forecast.quantile(0.9));
    const paths = same?.paths(3, seededRandom(1));
    expect(paths).toEqual(forecast.paths(3, seededRandom(1)));
  });

  it('is moved by how far the models lie apart, and as wide', () => {
    const { forecast, members } = forecastOf();
    const naive = asByMembers(forecast, HISTORY, { earlier: NAIVE, present: members });
    // Growth of 30 days that repeating the week does not see.
    expect((forecast.mean[29] ?? 0) - (naive?.mean[29] ?? 0)).toBeGreaterThan(25);
    const width = (one: Forecast | null | undefined) =>
      (one?.quantile(0.9)[29] ?? 0) - (one?.quantile(0.1)[29] ?? 0);
    expect(width(naive)).toBeCloseTo(width(forecast), 9);
  });

  it('is not known where a model is not in use any more', () => {
    const { forecast, members } = forecastOf();
    const gone = [{ name: 'oracle', weight: 1 }];
    expect(asByMembers(forecast, HISTORY, { earlier: gone, present: members })).toBeNull();
  });
});
