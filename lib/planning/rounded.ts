/** Nine digits: beyond any forecast's worth, and half the bytes to keep. */
export function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
