/**
 * Milliseconds that a forecast takes, everything included: backtest, choice, fit, intervals and 2,000 paths. Beside it, in
 * the same run, what the seasonal naive alone takes: the least that any forecast costs; and what MSTL of `@bsull/augurs`
 * takes, one model without a backtest. Series are generated and seeded.
 *
 * Run: node bench/forecast.ts
 */
import { exhaustion } from '../lib/forecasting/exhaustion.ts';
import { forecastSeries } from '../lib/forecasting/forecast-series.ts';
import { medianOf } from '../lib/forecasting/numbers.ts';
import { normalSource, seededRandom } from '../lib/forecasting/random.ts';
import { seasonalNaive } from '../lib/forecasting/seasonal-naive.ts';
import { primarySeasonSteps, type Series, type Step } from '../lib/forecasting/series.ts';
import { forecastLine, seriesLine } from '../lib/forecasting/series-line.ts';
import { augursMstl } from './augurs.ts';
import type { ScoredSeries } from './forecast-scores.ts';

const RUNS = 15;
const WARM_UP_RUNS = 4;
const PATHS = 2_000;
const PEER_OBSERVATIONS = 10_000;

interface Size {
  readonly name: string;
  readonly step: Step;
  readonly observations: number;
  readonly horizonSteps: number;
}

const SIZES: readonly Size[] = [
  { name: 'a region by day, 18 months', step: 'day', observations: 548, horizonSteps: 90 },
  { name: 'a region by day, a year ahead', step: 'day', observations: 548, horizonSteps: 365 },
  { name: 'a cloud by hour, 17 days', step: 'hour', observations: 398, horizonSteps: 48 },
  { name: 'as M4 hourly', step: 'hour', observations: 960, horizonSteps: 48 },
  // The peer fits all of it, for minutes.
  { name: 'ten years of hours', step: 'hour', observations: 87_600, horizonSteps: 48 },
];

/** Growth, a day or week and a longer season, noise, and a launch two thirds through. */
function generated({ step, observations }: Size, seed: number): Series {
  const normal = normalSource(seededRandom(seed));
  const season = primarySeasonSteps(step);
  const values = Array.from({ length: observations }, (_, index) => {
    const wave = 80 * Math.sin((2 * Math.PI * index) / season);
    const slow = 40 * Math.sin((2 * Math.PI * index) / (7 * season));
    const launch = index > (2 * observations) / 3 ? 150 : 0;
    return 1_000 + (200 * index) / observations + wave + slow + launch + 20 * normal();
  });
  return { start: 0, step, values };
}

function milliseconds(work: (seed: number) => void): number {
  const taken: number[] = [];
  for (let run = 0; run < WARM_UP_RUNS + RUNS; run += 1) {
    const start = performance.now();
    work(run + 1);
    if (run >= WARM_UP_RUNS) taken.push(performance.now() - start);
  }
  return medianOf(taken);
}

function forecastFully(size: Size, seed: number): void {
  const result = forecastSeries(generated(size, seed), size.horizonSteps);
  if (!result.ok) throw new Error(`no forecast of ${size.name}: ${result.reason}`);
  const capacity = new Float64Array(size.horizonSteps).fill(1_500);
  exhaustion(result.forecast.paths(PATHS, seededRandom(seed)), capacity);
}

/** As a line of a file, with its exceedance probability, and as the peer takes it. */
function asLine({ step, observations, horizonSteps }: Size, seed: number): ScoredSeries {
  const size = { name: '', step, observations, horizonSteps };
  const y = generated(size, seed).values;
  const freq = step === 'hour' ? 'hourly' : 'daily';
  const m = primarySeasonSteps(step);
  return { id: String(seed), freq, m, h: horizonSteps, y, test: [], cap: 1_500 };
}

function forecastNaively(size: Size, seed: number): void {
  const fit = seasonalNaive(primarySeasonSteps(size.step)).fit(generated(size, seed));
  if (!fit.ok) throw new Error(`no seasonal naive of ${size.name}`);
  fit.model.forecast(size.horizonSteps).quantile(0.975);
}

console.log('Forecast: milliseconds a series (median), generation of the series included');
const augurs = await augursMstl();
for (const size of SIZES) {
  const full = milliseconds((seed) => forecastFully(size, seed));
  const naive = milliseconds((seed) => forecastNaively(size, seed));
  const line = milliseconds((seed) => forecastLine(seriesLine.parse(asLine(size, seed))));
  const isForPeer = size.observations < PEER_OBSERVATIONS;
  const peer = isForPeer ? milliseconds((seed) => augurs(asLine(size, seed))) : null;
  console.log(
    [
      size.name.padEnd(32),
      `${size.observations} observations, ${size.horizonSteps} ahead`.padEnd(34),
      `${full.toFixed(1)} ms`.padStart(10),
      `seasonal naive ${naive.toFixed(2)} ms`,
      `x ${(full / naive).toFixed(0)}`,
      peer === null
        ? ''
        : `augurs MSTL ${peer.toFixed(1)} ms, x ${(line / peer).toFixed(1)} for a line`,
    ].join('  '),
  );
}
