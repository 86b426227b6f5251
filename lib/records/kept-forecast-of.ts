import { sha256OfJson } from '../billing/sha256.ts';
import { type ForecastAnswer, KEPT_QUANTILES } from '../capacity/forecast-answer.ts';
import { seasonalScale } from '../forecasting/accuracy.ts';
import { primarySeasonSteps } from '../forecasting/series.ts';
import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';
import type { KeptForecast } from './kept-forecast.ts';
import { predictLinear, repeatedWeek } from './simple-forecasts.ts';

export interface MadeRecord {
  readonly region: Region;
  /** With all of KEPT_QUANTILES. */
  readonly answer: ForecastAnswer;
  readonly madeOn: Day;
  readonly createdAt: string;
  readonly codeVersion: string;
  readonly seed: number;
  /** By each day ahead. */
  readonly usable: readonly number[] | null;
  readonly plan: Readonly<Record<string, unknown>>;
}

/** The forecast of record of a forecast that was just made. */
export async function keptForecastOf(made: MadeRecord): Promise<KeptForecast> {
  const { answer, usable } = made;
  const { history, horizonDays } = answer;
  return {
    schemaVersion: 1,
    region: made.region,
    metric: answer.metric,
    madeOn: made.madeOn,
    createdAt: made.createdAt,
    codeVersion: made.codeVersion,
    origin: answer.origin,
    inputs: {
      dataSha256: await sha256OfJson({ statistic: answer.statistic, ...history }),
      history,
      model: answer.model,
      seed: made.seed,
      usable: usable && [...usable],
      plan: { ...made.plan },
    },
    quantiles: KEPT_QUANTILES.map((level) => answer.quantiles[String(level)] ?? []),
    exhaustion: answer.exhaustion?.probability ?? null,
    seasonalNaive: repeatedWeek(history.values, horizonDays),
    predictLinear: predictLinear(history.values, horizonDays),
    scale: seasonalScale(history.values, primarySeasonSteps('day')),
  };
}
