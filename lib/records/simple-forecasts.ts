import { fillGaps } from '../forecasting/gaps.ts';
import { at } from '../forecasting/numbers.ts';

const WEEK_DAYS = 7;
/** The range that `predict_linear` is given: `predict_linear(demand[30d], ...)`. */
const LINEAR_RANGE_DAYS = 30;

type Values = readonly (number | null)[];

/** The last week again and again; the last value where less than a week is known. */
export function repeatedWeek(history: Values, horizonDays: number): number[] {
  const season = history.length >= WEEK_DAYS ? WEEK_DAYS : 1;
  const values = fillGaps(history, season);
  const last = values.length - season;
  return Array.from({ length: horizonDays }, (_, step) => at(values, last + (step % season)));
}

/**
 * What Prometheus's `predict_linear` says: the straight line by least squares through the
 * observations of the last 30 days, continued. Days without an observation are no points of it.
 */
export function predictLinear(history: Values, horizonDays: number): number[] {
  const points = history
    .slice(-LINEAR_RANGE_DAYS)
    .map((value, index, range) => ({ x: index - (range.length - 1), y: value }))
    .filter((point): point is { x: number; y: number } => point.y !== null);
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const variance = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const slope = variance > 0 ? covariance / variance : 0;
  return Array.from({ length: horizonDays }, (_, step) => meanY + slope * (step + 1 - meanX));
}
