import { type BacktestRound, backtest, fitAll, fittable, rollingOrigins } from './backtest.ts';
import { calibratedForecast } from './calibrated-forecast.ts';
import { calibrate, type ErrorPath } from './calibration.ts';
import { combine, type MemberForecast } from './combination.ts';
import type { Forecast, Forecaster } from './forecaster.ts';
import { hourlyWidth } from './hourly-width.ts';
import { roster } from './roster.ts';
import { type BacktestScore, scoreBacktest } from './score-backtest.ts';
import { type Choice, choose } from './selection.ts';
import { newest, observationsIn, type Series, startOfStep } from './series.ts';
import { shortHistoryForecast } from './short-history.ts';
import { fromUnit, inUnit, type Unit, unitOf } from './unit.ts';

/** Fewer observations than this say nothing about how demand moves. */
export const OBSERVATIONS_NEEDED = 2;
/** Below this the backtest has too little to fit. */
const BACKTEST_OBSERVATIONS = 16;
/** Older observations are not fitted: they cost time and say little about the next season. */
const WINDOW_STEPS = 1_500;
const MOST_ORIGINS = 8;
const LEAST_ORIGINS = 3;
/** Steps from one origin to the next, as a share of the steps scored. */
const STRIDE_SHARE = 0.25;
/** Fits of all models times observations that a backtest may spend. */
const WORK = 60_000;

export type SeriesForecast =
  | {
      readonly ok: true;
      readonly model: string;
      /** Members of a combination with their weights, largest first. */
      readonly members: readonly { readonly name: string; readonly weight: number }[];
      readonly forecast: Forecast;
      /** Null when the history is too short for one. */
      readonly backtest: BacktestScore | null;
      /** Actual less forecast in each round of the backtest, in the unit of the series. */
      readonly errors?: readonly ErrorPath[];
    }
  | {
      readonly ok: false;
      readonly reason: 'not_enough_data';
      readonly observations: number;
      readonly observationsNeeded: number;
    };

/**
 * The forecast of a demand series: every model of its step competes in a rolling-origin backtest,
 * the best one or their combination forecasts, and its errors there set the intervals.
 */
export function forecastSeries(history: Series, horizonSteps: number): SeriesForecast {
  const observations = observationsIn(history);
  if (observations < OBSERVATIONS_NEEDED) {
    return {
      ok: false,
      reason: 'not_enough_data',
      observations,
      observationsNeeded: OBSERVATIONS_NEEDED,
    };
  }
  const first = history.values.findIndex((value) => value !== null);
  const unit = unitOf(history);
  const series = inUnit(newest(history, history.values.length - first), unit);
  const forecasters = roster(series.step, Math.min(series.values.length, WINDOW_STEPS));
  const rounds = rehearse(series, forecasters, horizonSteps);
  if (rounds.length < LEAST_ORIGINS) return shortAnswer(series, horizonSteps, unit);
  const choice = choose(forecasters, rounds);
  const fitted = fittable(series, WINDOW_STEPS);
  const { mean, spread } = finalForecast(fitted, choice, horizonSteps);
  const skipped = series.values.length - fitted.values.length;
  const widthOfFitted = hourlyWidth(fitted);
  const widthAt = (index: number) => widthOfFitted(index - skipped);
  const errors = calibrate({ paths: choice.errors, spread, strideShare: STRIDE_SHARE });
  const forecast = calibratedForecast({
    origin: startOfStep(series, series.values.length - 1),
    step: series.step,
    mean,
    errors: {
      ...errors,
      scale: (step) => errors.scale(step) * widthAt(series.values.length + step),
    },
  });
  return {
    ok: true,
    model: choice.name,
    members: choice.members
      .map(({ forecaster, weight }) => ({ name: forecaster.name, weight }))
      .sort((a, b) => b.weight - a.weight),
    forecast: fromUnit(forecast, unit),
    backtest: scoreBacktest({
      series,
      rounds,
      choice,
      strideShare: STRIDE_SHARE,
      widthAt,
      unitSize: unit.size,
    }),
    errors: choice.errors.map((path) =>
      path.map((error) => (error === null ? null : error * unit.size)),
    ),
  };
}

/** Rounds in which something was observed after the origin. */
function rehearse(
  series: Series,
  forecasters: readonly Forecaster[],
  horizonSteps: number,
): BacktestRound[] {
  const lengthSteps = series.values.length;
  const scoredSteps = Math.min(horizonSteps, Math.floor(lengthSteps / 4));
  if (lengthSteps < BACKTEST_OBSERVATIONS) return [];
  const fitted = Math.min(lengthSteps, WINDOW_STEPS) * forecasters.length;
  const origins = rollingOrigins({
    lengthSteps,
    horizonSteps: scoredSteps,
    leastHistorySteps: Math.max(8, Math.floor(0.4 * lengthSteps)),
    strideSteps: Math.max(1, Math.round(STRIDE_SHARE * scoredSteps)),
    count: Math.max(LEAST_ORIGINS, Math.min(MOST_ORIGINS, Math.floor(WORK / fitted))),
  });
  const plan = { horizonSteps: scoredSteps, origins, windowSteps: WINDOW_STEPS };
  return backtest(series, forecasters, plan).filter((round) =>
    round.actual.some((actual) => actual !== null),
  );
}

function shortAnswer(series: Series, horizonSteps: number, unit: Unit): SeriesForecast {
  const { name, forecast } = shortHistoryForecast(series, horizonSteps, unit.center / unit.size);
  return {
    ok: true,
    model: name,
    members: [{ name, weight: 1 }],
    forecast: fromUnit(forecast, unit),
    backtest: null,
  };
}

/** The chosen members fitted to all that is known; one that now fails to fit is left out. */
function finalForecast(history: Series, choice: Choice, horizonSteps: number): MemberForecast {
  const forecasters = choice.members.map(({ forecaster }) => forecaster);
  return combine(
    fitAll(forecasters, history, horizonSteps),
    choice.members.map(({ weight }) => weight),
  );
}
