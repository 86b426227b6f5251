import { at, autocorrelations } from './numbers.ts';
import { movingMeans } from './stl.ts';

/** 90 % of histories without a season stay below this many standard errors. */
const CLEAR = 1.645;

/**
 * Whether a season of this length shows in the autocorrelation (the test of the M4 competition) of
 * what a moving mean leaves: a trend alone correlates at every lag and would pass for a season.
 * Two seasons are too few to tell: they are taken as seasonal.
 */
export function showsSeason(values: Float64Array, seasonSteps: number): boolean {
  if (values.length < 3 * seasonSteps) return values.length >= 2 * seasonSteps;
  const correlations = autocorrelations(detrended(values, seasonSteps), seasonSteps);
  let squares = 0;
  for (let lag = 1; lag < seasonSteps; lag += 1) squares += at(correlations, lag - 1) ** 2;
  const limit = CLEAR * Math.sqrt((1 + 2 * squares) / values.length);
  return at(correlations, seasonSteps - 1) > limit;
}

/** Values less the mean of the season around them; half a season at either end is lost. */
function detrended(values: Float64Array, seasonSteps: number): Float64Array {
  const means = movingMeans(values, seasonSteps);
  const level = seasonSteps % 2 === 0 ? movingMeans(means, 2) : means;
  const offset = seasonSteps >> 1;
  return level.map((mean, index) => at(values, index + offset) - mean);
}
