/**
 * The number in [0, 1) of an arrival: a hash of seed and position (the finalizer of SplitMix, 32 bits,
 * Steele et al. 2014), so that the same seed gives the same order of arrivals.
 */
export function arrivalAt(seed: number, position: number): number {
  let mixed = (Math.imul(position + 1, 0x9e3779b9) ^ Math.imul(seed + 1, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
}
