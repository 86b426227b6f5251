import { seasonallyAdjusted, sharedDecomposition } from './adjusted.ts';
import { arima } from './arima.ts';
import { autoregression } from './autoregression.ts';
import { dynamicTheta } from './dynamic-theta.ts';
import { type EtsForm, ets } from './ets.ts';
import type { Forecaster } from './forecaster.ts';
import { mstl, undecomposed } from './mstl.ts';
import { seasonalAutoregression } from './seasonal-autoregression.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { showsSeason } from './seasonality.ts';
import { primarySeasonSteps, type Step, seasonsOf, visibleSeasons } from './series.ts';
import { stabilised } from './stabilised.ts';
import { theta } from './theta.ts';

/** Longer seasons have too many states for exponential smoothing: they are taken out by MSTL. */
const LONGEST_ETS_SEASON = 24;
/** A year of days is longer than most histories: it waits for series that show it twice over. */
const LONGEST_SEASON = 168;
/** Beyond a season, so many observations must set the weights of its lags. */
const LAG_OBSERVATIONS = 60;
/** So many turns weigh in that a season is the same in every one. */
const ALL_TURNS = 1_001;

/**
 * The models that compete for a series of this step and length. The seasonal naive comes first: a
 * benchmark for all, and a model of hours, whose swings of a day and a week dwarf their noise.
 */
export function roster(step: Step, observations: number): Forecaster[] {
  const primary = primarySeasonSteps(step);
  const seasons = visibleSeasons(step, observations).filter((season) => season <= LONGEST_SEASON);
  const smooth = smoothing(step, primary);
  const scaled = [
    autoregression,
    ...(smooth ? [smooth] : []),
    ...withSeasonalLags(step, observations),
    ...adjusted(step, seasons),
  ];
  return [
    { ...seasonalNaive(observations > primary ? primary : 1), isBenchmark: step !== 'hour' },
    ...seasons.slice(1).map((season) => seasonalNaive(season)),
    ...stabilised(scaled, primary),
    ...(smooth && primary <= LONGEST_ETS_SEASON ? [plain(smooth)] : []),
    plain(autoregression),
  ];
}

/** The same model on the values as they are, whatever scale the others find. */
function plain(model: Forecaster): Forecaster {
  return { name: `plain_${model.name}`, fit: (history) => model.fit(history) };
}

/** None for hours: a day of hourly states takes long to fit, and models without it are no match. */
function smoothing(step: Step, primary: number): Forecaster | null {
  if (step === 'hour') return null;
  const seasonal = primary <= LONGEST_ETS_SEASON ? [primary] : [];
  return ets(
    [1, ...seasonal].flatMap((seasonSteps): EtsForm[] => [
      { trend: 'none', seasonSteps },
      { trend: 'damped', seasonSteps },
    ]),
  );
}

/** Weekdays are few and alike: their lags say no more than the plain autoregression's. */
function withSeasonalLags(step: Step, observations: number): Forecaster[] {
  if (step === 'day') return [];
  const seasons = seasonsOf(step).filter(
    (season, index) => index === 0 || observations >= season + LAG_OBSERVATIONS,
  );
  return [seasonalAutoregression(seasons)];
}

/** Models of what is left without the seasons, which move (STL) or stay the same (periodic). */
function adjusted(step: Step, seasons: readonly number[]): Forecaster[] {
  const [shortest] = seasons;
  if (shortest === undefined) return [theta, dynamicTheta];
  const level = ets([
    { trend: 'none', seasonSteps: 1 },
    { trend: 'damped', seasonSteps: 1 },
  ]);
  const damped = ets([{ trend: 'damped', seasonSteps: 1 }]);
  const moving = seasons.length > 1 ? 'mstl' : 'stl';
  return [
    ...decomposed({ prefix: moving, seasons }, [
      step === 'hour' ? autoregression : arima,
      ...(step === 'hour' ? [] : [level]),
    ]),
    ...decomposed({ prefix: 'periodic', seasons, seasonalWindow: ALL_TURNS }, [
      autoregression,
      theta,
      ...(step === 'hour' ? [] : [damped]),
    ]),
    ...(seasons.length > 1
      ? decomposed({ prefix: 'stl', seasons: [shortest] }, [autoregression])
      : []),
  ];
}

function decomposed(
  input: {
    readonly prefix: string;
    readonly seasons: readonly number[];
    readonly seasonalWindow?: number;
  },
  models: readonly Forecaster[],
): Forecaster[] {
  const { prefix, seasons, seasonalWindow } = input;
  const [shortest = 1] = seasons;
  const decompose = sharedDecomposition(shortest, (values) => {
    const visible = seasons.filter((season) => values.length >= 2 * season);
    if (!showsSeason(values, shortest)) return undecomposed(values);
    return seasonalWindow === undefined
      ? mstl(values, visible)
      : mstl(values, visible, () => ({ seasonalWindow }));
  });
  return models.map((inner) =>
    seasonallyAdjusted({
      name: `${prefix}_${inner.name}`,
      observationsNeeded: 2 * shortest,
      decompose,
      inner,
    }),
  );
}
