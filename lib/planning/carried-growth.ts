import { lineThrough, medianOf } from '../forecasting/numbers.ts';

/** Growth that went on through the history, and how far it may be trusted to go on. */
export interface CarriedGrowth {
  /** In units of the demand. */
  readonly perDay: number;
  /** Standard deviation of the growth of a whole horizon. */
  readonly deviationPerDay: number;
}

const BLOCK_DAYS = 42;
const LEAST_BLOCKS = 4;
const MOST_BLOCKS = 12;
/** From the median distance from the median to the standard deviation of a normal. */
const DEVIATION_OF_DISTANCE = 1.4826;

/**
 * Growth by day, from the slopes of blocks of six weeks: their median, shrunk by how much they
 * disagree (James and Stein: 1 - (variance of the median) / (median squared)). A demand that wanders
 * has slopes of either sign and carries nothing on; one that grows month after month carries nearly
 * all of it. A shift moves the slope of one block only, and the median does not heed it. Null for a
 * history of less than four blocks.
 */
export function carriedGrowth(values: readonly (number | null)[]): CarriedGrowth | null {
  const slopes: number[] = [];
  for (let end = values.length; end >= BLOCK_DAYS; end -= BLOCK_DAYS) {
    const slope = slopeOf(values.slice(end - BLOCK_DAYS, end));
    if (slope !== null) slopes.push(slope);
    if (slopes.length === MOST_BLOCKS) break;
  }
  if (slopes.length < LEAST_BLOCKS) return null;
  const median = medianOf(slopes);
  const spread = DEVIATION_OF_DISTANCE * medianOf(slopes.map((one) => Math.abs(one - median)));
  // The median of normals varies by pi / 2 as much as their mean.
  const variance = ((Math.PI / 2) * spread ** 2) / slopes.length;
  const trust = median === 0 ? 0 : Math.max(0, 1 - variance / median ** 2);
  return { perDay: trust * median, deviationPerDay: Math.sqrt(variance) };
}

/** Null where a third of the block is unknown. */
function slopeOf(block: readonly (number | null)[]): number | null {
  const known = block.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  if (3 * known.length < 2 * block.length) return null;
  if (known.length === block.length) return lineThrough(known.map(({ value }) => value)).slope;
  const [meanX, meanY] = [
    known.reduce((sum, { index }) => sum + index, 0) / known.length,
    known.reduce((sum, { value }) => sum + value, 0) / known.length,
  ];
  let [covariance, variance] = [0, 0];
  for (const { index, value } of known) {
    covariance += (index - meanX) * (value - meanY);
    variance += (index - meanX) ** 2;
  }
  return covariance / variance;
}

/** The history as if demand had stood at its present level but for what is not carried on. */
export function withoutGrowth(
  values: readonly (number | null)[],
  perDay: number,
): (number | null)[] {
  const last = values.length - 1;
  return values.map((value, index) => (value === null ? null : value + perDay * (last - index)));
}
