import { exhaustion } from '../forecasting/exhaustion.ts';
import { forecastSeries, OBSERVATIONS_NEEDED } from '../forecasting/forecast-series.ts';
import type { Forecast } from '../forecasting/forecaster.ts';
import { observationsIn, type Series } from '../forecasting/series.ts';
import { addDays, dayOf } from '../period/calendar.ts';
import { type DailyStatistic, type DemandDay, demandSeries, type Metric } from './demand.ts';
import {
  exhaustionOf,
  type ForecastAnswer,
  type ForecastResponse,
  KEPT_QUANTILES,
} from './forecast-answer.ts';

const PATHS = 1_000;
const NOTHING: Series = { start: 0, step: 'day', values: [] };

export interface ForecastInput {
  readonly region: string;
  readonly metric: Metric;
  readonly days: readonly DemandDay[];
  /** What demand may reach, in cores or GiB; null when it is not known. */
  readonly usable: number | null;
  readonly horizonDays: number;
  readonly random: () => number;
  /** Default `peak`: what must fit is the highest hour. */
  readonly statistic?: DailyStatistic;
}

/** The forecast of a region's daily demand, with the dates on which it outgrows its capacity. */
export function forecastView(input: ForecastInput): ForecastResponse {
  const { region, metric, days, horizonDays, statistic = 'peak' } = input;
  const unit = metric === 'cores' ? 'cores' : 'GiB';
  const header = { region, metric, unit, statistic } as const;
  const series = demandSeries(days, statistic);
  const history = series && toldHistory(series);
  const result = forecastSeries(series ?? NOTHING, horizonDays);
  if (!result.ok || !history) {
    return {
      ...header,
      status: 'not_enough_data',
      history,
      observations: observationsIn(series ?? NOTHING),
      observationsNeeded: OBSERVATIONS_NEEDED,
    };
  }
  const { forecast, backtest } = result;
  const origin = dayOf(forecast.origin);
  return {
    ...header,
    status: 'forecast',
    history,
    origin,
    horizonDays,
    model: { name: result.model, members: [...result.members] },
    backtest: backtest && toldBacktest(backtest),
    dates: Array.from(forecast.mean, (_, step) => addDays(origin, step + 1)),
    ...toldForecast(forecast),
    ...toldExhaustion(input, forecast),
  };
}

function toldHistory(series: Series): ForecastAnswer['history'] {
  return {
    start: dayOf(series.start),
    values: series.values.map((value) => (value === null ? null : rounded(value))),
  };
}

function toldForecast(
  forecast: Forecast,
): Pick<ForecastAnswer, 'mean' | 'lo95' | 'hi95' | 'quantiles'> {
  const quantile = (level: number) => Array.from(forecast.quantile(level), rounded);
  return {
    mean: Array.from(forecast.mean, rounded),
    lo95: quantile(0.025),
    hi95: quantile(0.975),
    quantiles: Object.fromEntries(KEPT_QUANTILES.map((level) => [String(level), quantile(level)])),
  };
}

function toldBacktest(
  backtest: NonNullable<Extract<ReturnType<typeof forecastSeries>, { ok: true }>['backtest']>,
): ForecastAnswer['backtest'] {
  const { mae, mase, origins, horizonSteps, coverage95, seasonalNaive } = backtest;
  return { mae, mase, origins, horizonDays: horizonSteps, coverage95, seasonalNaive };
}

function toldExhaustion(
  { usable, horizonDays, random }: ForecastInput,
  forecast: Forecast,
): Pick<ForecastAnswer, 'usable' | 'exhaustion'> {
  if (usable === null) return { usable, exhaustion: null };
  const capacity = new Float64Array(horizonDays).fill(usable);
  const { probabilityBy } = exhaustion(forecast.paths(PATHS, random), capacity);
  return { usable, exhaustion: exhaustionOf(dayOf(forecast.origin), Array.from(probabilityBy)) };
}

/** Nine digits: beyond any forecast's worth, and half the bytes to keep. */
function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
