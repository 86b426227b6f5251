/**
 * A seeded source of uniform numbers in [0, 1): mulberry32 (Tommy Ettinger, public domain). Good
 * enough to simulate demand, and the same seed gives the same forecast; never for secrets.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Standard normal numbers from uniform ones (Box and Muller, 1958). */
export function normalSource(random: () => number): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

const CENTRAL = [
  2.50662823884, -18.61500062529, 41.39119773534, -25.44106049637, -8.4735109309, 23.08336743743,
  -21.06224101826, 3.13082909833,
] as const;
const TAIL = [
  0.3374754822726147, 0.9761690190917186, 0.1607979714918209, 0.0276438810333863,
  0.0038405729373609, 0.0003951896511919, 0.0000321767881768, 0.0000002888167364,
  0.0000003960315187,
] as const;

/** Quantile of the standard normal distribution, within 3e-9 (Moro, 1995). */
export function normalQuantile(probability: number): number {
  const centered = probability - 0.5;
  if (Math.abs(centered) < 0.42) {
    const [a0, a1, a2, a3, b0, b1, b2, b3] = CENTRAL;
    const r = centered * centered;
    const above = ((a3 * r + a2) * r + a1) * r + a0;
    const below = (((b3 * r + b2) * r + b1) * r + b0) * r + 1;
    return (centered * above) / below;
  }
  const r = Math.log(-Math.log(centered > 0 ? 1 - probability : probability));
  const value = TAIL.reduceRight((sum, coefficient) => sum * r + coefficient, 0);
  return centered > 0 ? value : -value;
}

/** Standard normal distribution function, within 1.2e-7 (Numerical Recipes, erfc by Chebyshev). */
export function normalProbability(value: number): number {
  const z = Math.abs(value) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * z);
  const series =
    -z * z -
    1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t *
                      (0.27886807 +
                        t *
                          (-1.13520398 +
                            t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const tail = (t * Math.exp(series)) / 2;
  return value > 0 ? 1 - tail : tail;
}
