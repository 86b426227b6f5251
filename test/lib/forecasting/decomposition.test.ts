import { describe, expect, it } from 'vitest';
import { mstl } from '../../../lib/forecasting/mstl.ts';
import { showsSeason } from '../../../lib/forecasting/seasonality.ts';
import { stlSeasonal } from '../../../lib/forecasting/stl.ts';
import { swingOrigin } from '../../../lib/forecasting/variance-scale.ts';
import { AIR_PASSENGERS, NILE } from './published-series.ts';

const passengers = Float64Array.from(AIR_PASSENGERS);

describe('STL', () => {
  it('finds the season that statsmodels finds', () => {
    // STL(period=12, seasonal=11, trend=21, low_pass=13, seasonal_deg=0, trend_deg=1,
    // low_pass_deg=1, seasonal_jump=1, trend_jump=3, low_pass_jump=2).fit(inner_iter=2, outer_iter=0)
    const seasonal = stlSeasonal(passengers, 12, { seasonalWindow: 11 });
    const first = [-16.9685, -17.1715, 7.5247, -1.1529, -3.7789, 18.8818];
    const last = [98.8824, 94.7042, 20.9917, -27.9085, -75.595, -44.1976];
    for (const [index, value] of first.entries()) expect(seasonal[index]).toBeCloseTo(value, 3);
    for (const [index, value] of last.entries()) {
      expect(seasonal[138 + index]).toBeCloseTo(value, 3);
    }
  });
});

describe('MSTL', () => {
  const day = (hour: number) => 10 * Math.sin((2 * Math.PI * hour) / 24);
  const week = (hour: number) => (hour % 168 >= 120 ? -8 : 0);

  it('tells a day from a week and carries both on', () => {
    const values = new Float64Array(24 * 7 * 6).map((_, hour) => 100 + day(hour) + week(hour));
    const parts = mstl(values, [24, 168]);
    const ahead = parts.seasonalAhead(168);
    for (const hour of [0, 6, 30, 130, 150]) {
      const center = (parts.adjusted.at(-1) ?? 0) - 100;
      expect(Math.abs((ahead[hour] ?? 0) + center - day(hour) - week(hour))).toBeLessThan(1);
    }
  });

  it('loses nothing: what is left and the seasons are the values', () => {
    const parts = mstl(passengers, [12]);
    const seasonal = passengers.map((value, index) => value - (parts.adjusted[index] ?? 0));
    const ahead = parts.seasonalAhead(12);
    for (const [step, value] of seasonal.slice(-12).entries()) {
      expect(ahead[step]).toBeCloseTo(value, 9);
    }
  });
});

describe('the test for a season', () => {
  it('sees the year of passengers and none in the Nile', () => {
    expect(showsSeason(passengers, 12)).toBe(true);
    expect(showsSeason(Float64Array.from(NILE), 12)).toBe(false);
    expect(showsSeason(new Float64Array(50).fill(3), 7)).toBe(false);
  });
});

describe('the origin of swings', () => {
  it('lies near zero for passengers, whose swings grow with their number', () => {
    const origin = swingOrigin(passengers, 12);
    expect(origin).not.toBeNull();
    expect(Math.abs(origin ?? 0)).toBeLessThan(60);
  });

  it('moves and scales with the values', () => {
    const origin = swingOrigin(passengers, 12) ?? Number.NaN;
    const moved = swingOrigin(
      passengers.map((value) => 3 * value + 1_000),
      12,
    );
    expect(moved).toBeCloseTo(3 * origin + 1_000, 6);
  });

  it('does not exist where swings stay as they are', () => {
    const even = new Float64Array(120).map((_, month) => month + (month % 12));
    expect(swingOrigin(even, 12)).toBeNull();
    expect(swingOrigin(new Float64Array(40).fill(1), 7)).toBeNull();
  });
});
