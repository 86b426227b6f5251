import { assert } from '../assert.ts';
import type { Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { linearForecast } from './linear-forecast.ts';
import { nelderMead } from './nelder-mead.ts';
import { at } from './numbers.ts';
import {
  type Smoothed,
  type SmoothingParameters,
  smooth,
  smoothedMean,
  smoothingWeights,
} from './smoothing.ts';
import { movingMeans } from './stl.ts';

/** Seasons that set the initial seasonal shape: enough to average noise, few enough to be early. */
const INITIAL_SEASONS = 5;
const EVALUATIONS = 100;

export interface EtsForm {
  readonly trend: 'none' | 'damped';
  /** 1 for no season. */
  readonly seasonSteps: number;
}

export interface EtsFit extends Smoothed {
  readonly parameters: SmoothingParameters;
  /** Corrected information criterion of Akaike; smaller is better. Comparable within one history. */
  readonly aicc: number;
}

/**
 * Exponential smoothing with additive errors: level, with or without a damped trend, with or
 * without an additive season; of the forms given, the one with the least AICc.
 */
export function ets(forms: readonly EtsForm[]): Forecaster {
  assert(forms.length > 0, 'at least one form must be given');
  const needed = Math.min(...forms.map(observationsNeeded));
  const seasonSteps = Math.max(...forms.map((form) => form.seasonSteps));
  return {
    name: seasonSteps > 1 ? `ets_${seasonSteps}` : 'ets',
    fit(history) {
      const fitting = forms.filter((form) => observationsNeeded(form) <= history.values.length);
      if (fitting.length === 0) {
        return { ok: false, reason: 'too_short', observationsNeeded: needed };
      }
      const values = fillGaps(history.values, seasonSteps);
      const fits = fitting.map((form) => ({ form, ...fitEts(values, form) }));
      const best = fits.reduce((low, fit) => (fit.aicc < low.aicc ? fit : low));
      const { parameters, form } = best;
      const deviation = Math.sqrt(best.squares / Math.max(1, values.length - freedom(form)));
      const forecast = (horizonSteps: number) =>
        linearForecast({
          history,
          mean: smoothedMean(best.final, parameters.phi, horizonSteps),
          deviation,
          weights: smoothingWeights(parameters, form.seasonSteps, horizonSteps),
        });
      return { ok: true, model: { forecast } };
    },
  };
}

function observationsNeeded(form: EtsForm): number {
  return form.seasonSteps > 1 ? 2 * form.seasonSteps + 5 : 4;
}

/** Parameters and initial states that the history sets. */
function freedom(form: EtsForm): number {
  const season = form.seasonSteps > 1 ? form.seasonSteps : 0;
  return (form.trend === 'damped' ? 5 : 2) + season;
}

export function fitEts(values: Float64Array, form: EtsForm): EtsFit {
  const start = {
    hasTrend: form.trend === 'damped',
    season: form.seasonSteps > 1 ? initialSeason(values, form.seasonSteps) : new Float64Array(0),
  };
  const origin = [-0.5, ...(start.hasTrend ? [-2, 1] : []), ...(form.seasonSteps > 1 ? [-2] : [])];
  const best = nelderMead(
    (point) => Math.log(smooth(values, parametersOf(point, form), start).squares + 1e-300),
    origin,
    { step: 1, evaluations: EVALUATIONS, tolerance: 1e-6 },
  );
  const parameters = parametersOf(best.point, form);
  const smoothed = smooth(values, parameters, start);
  const count = values.length;
  const free = freedom(form) + 1;
  const likelihood = count * Math.log(smoothed.squares / count + 1e-300);
  const correction = (2 * free * (free + 1)) / Math.max(1, count - free - 1);
  return { ...smoothed, parameters, aicc: likelihood + 2 * free + correction };
}

/** Axes in order: alpha, then beta and phi of a trend, then gamma of a season; all unbounded. */
function parametersOf(point: Float64Array, form: EtsForm): SmoothingParameters {
  const share = (axis: number) => 1 / (1 + Math.exp(-at(point, axis)));
  const alpha = 0.0001 + 0.9998 * share(0);
  const damped = form.trend === 'damped';
  return {
    alpha,
    beta: damped ? alpha * share(1) : 0,
    phi: damped ? 0.8 + 0.18 * share(2) : 0,
    gamma: form.seasonSteps > 1 ? (1 - alpha) * share(damped ? 3 : 1) : 0,
  };
}

/** The mean shape of the first seasons around their moving mean, in order of the history's phases. */
function initialSeason(values: Float64Array, seasonSteps: number): Float64Array {
  const shown = values.subarray(0, Math.min(values.length, (INITIAL_SEASONS + 1) * seasonSteps));
  const level =
    seasonSteps % 2 === 1
      ? movingMeans(shown, seasonSteps)
      : movingMeans(movingMeans(shown, seasonSteps), 2);
  const offset = Math.floor(seasonSteps / 2);
  const sums = new Float64Array(seasonSteps);
  const counts = new Float64Array(seasonSteps);
  for (let index = 0; index < level.length; index += 1) {
    const phase = (index + offset) % seasonSteps;
    sums[phase] = at(sums, phase) + at(shown, index + offset) - at(level, index);
    counts[phase] = at(counts, phase) + 1;
  }
  const shape = sums.map((sum, phase) => sum / Math.max(1, at(counts, phase)));
  const center = shape.reduce((sum, value) => sum + value, 0) / seasonSteps;
  return shape.map((value) => value - center);
}
