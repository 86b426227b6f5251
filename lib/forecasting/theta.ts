import { fitEts } from './ets.ts';
import type { Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { linearForecast } from './linear-forecast.ts';
import { lineThrough } from './numbers.ts';

const OBSERVATIONS_NEEDED = 4;

/**
 * The theta method (Assimakopoulos and Nikolopoulos, 2000), winner of M3: the mean of a line
 * through all values and of smoothing with doubled curvature, which is simple exponential
 * smoothing with half the line's slope as drift (Hyndman and Billah, 2003). Takes no season.
 */
export const theta: Forecaster = {
  name: 'theta',
  fit(history) {
    if (history.values.length < OBSERVATIONS_NEEDED) {
      return { ok: false, reason: 'too_short', observationsNeeded: OBSERVATIONS_NEEDED };
    }
    const values = fillGaps(history.values, 1);
    const count = values.length;
    const { parameters, final, squares } = fitEts(values, { trend: 'none', seasonSteps: 1 });
    const { alpha } = parameters;
    const drift = lineThrough(values).slope / 2;
    const lead = (1 - (1 - alpha) ** count) / alpha;
    const forecast = (horizonSteps: number) => {
      const steps = new Float64Array(horizonSteps);
      return linearForecast({
        history,
        mean: steps.map((_, step) => final.level + drift * (step + lead)),
        deviation: Math.sqrt(squares / Math.max(1, count - 3)),
        weights: steps.map((_, step) => (step === 0 ? 1 : alpha)),
      });
    };
    return { ok: true, model: { forecast } };
  },
};
