import { seasonallyAdjusted, sharedDecomposition } from './adjusted.ts';
import { autoregression } from './autoregression.ts';
import { dynamicTheta } from './dynamic-theta.ts';
import { type EtsForm, ets } from './ets.ts';
import type { Forecaster } from './forecaster.ts';
import { mstl, undecomposed } from './mstl.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { showsSeason } from './seasonality.ts';
import { primarySeasonSteps, type Step, visibleSeasons } from './series.ts';
import { stabilised } from './stabilised.ts';
import { theta } from './theta.ts';

/** Longer seasons have too many states for exponential smoothing: they are taken out by MSTL. */
const LONGEST_ETS_SEASON = 24;
/** A year of days is longer than most histories: it waits for series that show it twice over. */
const LONGEST_SEASON = 168;
/** So many turns weigh in that a season is the same in every one. */
const ALL_TURNS = 1_001;

/** The models that compete for a series of this step and length; the seasonal naive comes first. */
export function roster(step: Step, observations: number): Forecaster[] {
  const primary = primarySeasonSteps(step);
  const seasons = visibleSeasons(step, observations).filter((season) => season <= LONGEST_SEASON);
  return [
    seasonalNaive(observations > primary ? primary : 1),
    ...seasons.slice(1).map((season) => seasonalNaive(season)),
    ...stabilised([autoregression, ...smoothing(step, primary), ...adjusted(seasons)], primary),
  ];
}

/** Hours have a day, so models without a season are not tried on them. */
function smoothing(step: Step, primary: number): Forecaster[] {
  const level: readonly EtsForm[] = [
    { trend: 'none', seasonSteps: 1 },
    { trend: 'damped', seasonSteps: 1 },
  ];
  const seasonal: readonly EtsForm[] = [
    { trend: 'none', seasonSteps: primary },
    { trend: 'damped', seasonSteps: primary },
  ];
  if (step === 'hour') return [ets(seasonal)];
  if (primary > LONGEST_ETS_SEASON) return [ets(level), dynamicTheta];
  return [ets([...level, ...seasonal]), dynamicTheta];
}

/** Models of what is left without the seasons, which move (STL) or stay the same (periodic). */
function adjusted(seasons: readonly number[]): Forecaster[] {
  const [shortest] = seasons;
  if (shortest === undefined) return [theta];
  const level = ets([
    { trend: 'none', seasonSteps: 1 },
    { trend: 'damped', seasonSteps: 1 },
  ]);
  const moving = seasons.length > 1 ? 'mstl' : 'stl';
  return [
    ...decomposed({ prefix: moving, seasons }, [autoregression, level]),
    ...decomposed({ prefix: 'periodic', seasons, seasonalWindow: ALL_TURNS }, [
      autoregression,
      theta,
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
