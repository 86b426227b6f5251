import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import init, { MSTL } from '@bsull/augurs/mstl';
import { visibleSeasons } from '../lib/forecasting/series.ts';
import { STEPS } from '../lib/forecasting/series-line.ts';
import type { ScoredForecast, ScoredSeries } from './forecast-scores.ts';

/** The MSTL of `@bsull/augurs` (Rust as WebAssembly): the peer whose time is compared. */
export async function augursMstl(): Promise<(series: ScoredSeries) => ScoredForecast> {
  const module = createRequire(import.meta.url).resolve('@bsull/augurs/mstl');
  await init({ module_or_path: await readFile(module.replace(/\.js$/, '_bg.wasm')) });
  return ({ freq, y, h }) => {
    let last = y.find((value) => value !== null) ?? 0;
    const values = Float64Array.from(y, (value) => {
      last = value ?? last;
      return last;
    });
    const step = STEPS[freq as keyof typeof STEPS];
    const seasons = visibleSeasons(step, values.length).filter((season) => season <= 168);
    // It wants a season where there is none to see.
    const model = MSTL.ets(Uint32Array.from(seasons.length > 0 ? seasons : [2]));
    model.fit(values);
    const { point, intervals } = model.predict(h, 0.95);
    model.free();
    return { mean: point, lo95: intervals?.lower ?? point, hi95: intervals?.upper ?? point };
  };
}
