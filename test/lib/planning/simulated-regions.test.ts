import { describe, expect, it } from 'vitest';
import { simulatedRegion } from '../../../bench/simulated-region.ts';
import { regionForecast } from '../../../lib/planning/region-forecast.ts';

const REGIONS = 40;

describe('regions whose future is known', () => {
  // The short form of bench/exhaustion.ts: of 40 regions, 80 % give or take 2.5 standard errors.
  it('run out between the P10 and the P90 that were told, four times of five', {
    timeout: 120_000,
  }, () => {
    let [held, before, after] = [0, 0, 0];
    for (let seed = 1; seed <= REGIONS; seed += 1) {
      const { inputs, truth } = simulatedRegion(seed);
      const { cores } = regionForecast(inputs);
      if (cores.status !== 'forecast') throw new Error(`no forecast of seed ${seed}`);
      const { p10, p90 } = cores.exhaustion?.days ?? { p10: null, p90: null };
      if (truth < (p10 ?? Number.POSITIVE_INFINITY)) before += 1;
      else if (truth > (p90 ?? Number.POSITIVE_INFINITY)) after += 1;
      else held += 1;
    }
    expect(held / REGIONS).toBeGreaterThan(0.64);
    expect(held / REGIONS).toBeLessThan(0.96);
    expect(Math.max(before, after) / REGIONS).toBeLessThan(0.25);
  });

  it('are the same for the same seed, and their future is not in what is forecast from', () => {
    const [one, again] = [simulatedRegion(5), simulatedRegion(5)];
    expect(one).toEqual(again);
    const last = one.inputs.demand.cores.at(-1)?.peak;
    expect(one.inputs.demand.cores.map(({ peak }) => peak)).not.toContain(one.future[0]);
    expect(last).toBeDefined();
  });
});
