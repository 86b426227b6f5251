/** The value at `index`; outside the array it is NaN, which shows in every result made from it. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += at(values, index);
  return sum / values.length;
}

/** The middle value; the mean of the middle two of an even number. NaN for none. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? at(sorted, half) : (at(sorted, half - 1) + at(sorted, half)) / 2;
}

/** Quantile of sorted values by linear interpolation between order statistics (R's type 7). */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, probability));
  const below = Math.floor(position);
  const above = Math.min(sorted.length - 1, below + 1);
  const low = at(sorted, below);
  return low + (at(sorted, above) - low) * (position - below);
}

/** Straight line by least squares over x = 0, 1, 2, ...; flat for a single value. */
export function lineThrough(values: ArrayLike<number>): { intercept: number; slope: number } {
  const count = values.length;
  const center = (count - 1) / 2;
  const mean = meanOf(values);
  let covariance = 0;
  for (let index = 0; index < count; index += 1) {
    covariance += (index - center) * (at(values, index) - mean);
  }
  const variance = (count * (count * count - 1)) / 12;
  const slope = variance > 0 ? covariance / variance : 0;
  return { intercept: mean - slope * center, slope };
}

/** Autocorrelation at each lag from 1 to `lags`; all zero for a constant. */
export function autocorrelations(values: ArrayLike<number>, lags: number): Float64Array {
  const mean = meanOf(values);
  const result = new Float64Array(lags);
  let variance = 0;
  for (let index = 0; index < values.length; index += 1)
    variance += (at(values, index) - mean) ** 2;
  if (variance === 0) return result;
  for (let lag = 1; lag <= lags; lag += 1) {
    let sum = 0;
    for (let index = lag; index < values.length; index += 1) {
      sum += (at(values, index) - mean) * (at(values, index - lag) - mean);
    }
    result[lag - 1] = sum / variance;
  }
  return result;
}
