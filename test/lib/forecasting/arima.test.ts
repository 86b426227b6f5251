import { describe, expect, it } from 'vitest';
import { arima, fitArma } from '../../../lib/forecasting/arima.ts';
import { differencesOf } from '../../../lib/forecasting/integrated.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';
import { monthly, NILE } from './published-series.ts';

describe('ARIMA', () => {
  /** 2,000 values around 10 of z = 0.7 z' + e + 0.5 e'. */
  function mixedProcess(): Float64Array {
    const normal = normalSource(seededRandom(2));
    let [value, error] = [0, 0];
    return new Float64Array(2_000).map(() => {
      const next = normal();
      value = 0.7 * value + next + 0.5 * error;
      error = next;
      return 10 + value;
    });
  }

  /** A level that wanders by 1 a step, seen with an error of 2. */
  function wanderingLevel(): number[] {
    const normal = normalSource(seededRandom(2));
    let level = 100;
    return Array.from({ length: 400 }, () => {
      level += normal();
      return level + 2 * normal();
    });
  }

  function meanAhead(values: readonly number[], horizonSteps: number): Float64Array {
    const result = arima.fit(monthly(values));
    if (!result.ok) throw new Error(result.reason);
    return result.model.forecast(horizonSteps).mean;
  }

  it('finds the orders and the coefficients that made a series', () => {
    const { ar, ma, deviation } = fitArma(mixedProcess(), 10);
    expect([ar.length, ma.length]).toEqual([1, 1]);
    expect(ar[0]).toBeCloseTo(0.7, 1);
    expect(ma[0]).toBeCloseTo(0.5, 1);
    expect(deviation).toBeCloseTo(1, 1);
  });

  it('fits the flow of the Nile as well as auto.arima of R does, whose variance is 20,177', () => {
    // forecast::auto.arima(Nile): ARIMA(1,1,1), ar1 = 0.2544, ma1 = -0.8741
    const { ma, deviation } = fitArma(differencesOf(Float64Array.from(NILE)), 0);
    expect(deviation ** 2).toBeLessThan(20_400);
    expect(ma.reduce((sum, one) => sum + one)).toBeCloseTo(-0.83, 1);
  });

  it('forecasts as exponential smoothing does where a level wanders and is seen with errors', () => {
    const values = wanderingLevel();
    const mean = meanAhead(values, 12);
    let best = { squares: Number.POSITIVE_INFINITY, level: 0 };
    for (let alpha = 0.01; alpha < 1; alpha += 0.01) {
      let [level, squares] = [values[0] ?? 0, 0];
      for (const value of values) {
        squares += (value - level) ** 2;
        level += alpha * (value - level);
      }
      if (squares < best.squares) best = { squares, level };
    }
    for (const value of mean) expect(Math.abs(value - best.level)).toBeLessThan(0.25);
  });

  it('forecasts a constant as the constant, and knows a history too short for it', () => {
    const mean = meanAhead(new Array<number>(40).fill(7), 3);
    expect(Array.from(mean)).toEqual([7, 7, 7]);
    expect(arima.fit(monthly([1, 2, 3])).ok).toBe(false);
  });
});
