import { at, autocorrelations } from './numbers.ts';

/** 90 % of histories without a season stay below this many standard errors. */
const CLEAR = 1.645;

/**
 * Whether a season of this length shows in the autocorrelation (the test of the M4 competition).
 * Two seasons are too few to tell: they are taken as seasonal.
 */
export function showsSeason(values: Float64Array, seasonSteps: number): boolean {
  if (values.length < 3 * seasonSteps) return values.length >= 2 * seasonSteps;
  const correlations = autocorrelations(values, seasonSteps);
  let squares = 0;
  for (let lag = 1; lag < seasonSteps; lag += 1) squares += at(correlations, lag - 1) ** 2;
  const limit = CLEAR * Math.sqrt((1 + 2 * squares) / values.length);
  return at(correlations, seasonSteps - 1) > limit;
}
