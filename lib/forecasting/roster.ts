import { seasonallyAdjusted, sharedDecomposition } from './adjusted.ts';
import { autoregression } from './autoregression.ts';
import { type EtsForm, ets } from './ets.ts';
import type { Forecaster } from './forecaster.ts';
import { mstl, undecomposed } from './mstl.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { primarySeasonSteps, type Step, visibleSeasons } from './series.ts';
import { dynamicTheta } from './theta.ts';

/** Longer seasons have too many states for exponential smoothing: they are taken out by MSTL. */
const LONGEST_ETS_SEASON = 24;

const LEVEL_FORMS: readonly EtsForm[] = [
  { trend: 'none', seasonSteps: 1 },
  { trend: 'damped', seasonSteps: 1 },
];

/** The models that compete for a series of this step and length; the seasonal naive comes first. */
export function roster(step: Step, observations: number): Forecaster[] {
  const primary = primarySeasonSteps(step);
  const seasons = visibleSeasons(step, observations).filter((season) => season <= 168);
  return [
    seasonalNaive(observations > primary ? primary : 1),
    ...seasons.slice(1).map((season) => seasonalNaive(season)),
    autoregression,
    ets(primary <= LONGEST_ETS_SEASON ? [...LEVEL_FORMS, ...seasonalForms(primary)] : LEVEL_FORMS),
    ...(seasons.length > 0 ? adjusted(seasons, [autoregression, dynamicTheta]) : []),
    ...(seasons.length > 1 ? adjusted(seasons.slice(0, 1), [autoregression]) : []),
    dynamicTheta,
  ];
}

function seasonalForms(seasonSteps: number): EtsForm[] {
  return [
    { trend: 'none', seasonSteps },
    { trend: 'damped', seasonSteps },
  ];
}

/** Models of what is left without these seasons; they share one decomposition. */
function adjusted(seasons: readonly number[], inners: readonly Forecaster[]): Forecaster[] {
  const [shortest = 1] = seasons;
  const decompose = sharedDecomposition(shortest, (values) => {
    const visible = seasons.filter((season) => values.length >= 2 * season);
    return visible.length > 0 ? mstl(values, visible) : undecomposed(values);
  });
  return inners.map((inner) =>
    seasonallyAdjusted({
      name: `${seasons.length > 1 ? 'mstl' : 'stl'}_${inner.name}`,
      observationsNeeded: 2 * shortest,
      decompose,
      inner,
    }),
  );
}
