import { at } from './numbers.ts';
import { primarySeasonSteps, type Series } from './series.ts';

/** The mean hour counts as so many observations of each, so that few days move it little. */
const PRIOR_OBSERVATIONS = 20;
/** How much of what an hour shows is believed, in logarithms: errors of a few days have it in part. */
const BELIEF = 0.5;
/** Fewer days than this tell nothing about an hour. */
const LEAST_DAYS = 3;

/**
 * How much wider than usual a forecast's band is at each place of a series of hours, also before its
 * start and beyond its end: batches run and shops open at certain hours, and there demand differs most from the day
 * before. 1 for the other hours, and everywhere for longer steps: weekdays and months are seen too
 * few times. Neither moving nor scaling the series changes it.
 *
 * @param history gaps filled
 */
export function hourlyWidth(history: Series): (index: number) => number {
  const day = primarySeasonSteps(history.step);
  const values = history.values.map((value) => value ?? Number.NaN);
  if (history.step !== 'hour' || values.length < LEAST_DAYS * day) return () => 1;
  const squares = new Float64Array(day);
  const counts = new Float64Array(day);
  for (let index = day; index < values.length; index += 1) {
    const hour = index % day;
    squares[hour] = at(squares, hour) + (at(values, index) - at(values, index - day)) ** 2;
    counts[hour] = at(counts, hour) + 1;
  }
  const usual = squares.reduce((sum, one) => sum + one, 0) / (values.length - day);
  if (!(usual > 0)) return () => 1;
  const logs = squares.map((sum, hour) => {
    const count = at(counts, hour) + PRIOR_OBSERVATIONS;
    return (BELIEF / 2) * Math.log((sum / usual + PRIOR_OBSERVATIONS) / count);
  });
  const middle = logs.reduce((sum, one) => sum + one, 0) / day;
  return (index) => Math.exp(Math.max(0, at(logs, ((index % day) + day) % day) - middle));
}
