import type { InstantUs } from '../period/instant.ts';
import type { Series, Step } from './series.ts';

/** What a fitted model says about the steps after its origin; the first entry is the next step. */
export interface Forecast {
  /** Start of the last step that the model was shown. */
  readonly origin: InstantUs;
  readonly step: Step;
  readonly mean: Float64Array;
  /** Values that the step stays below with this probability, in (0, 1). Quantiles never cross. */
  quantile(probability: number): Float64Array;
  /** Equally likely futures, each as long as `mean`. */
  paths(count: number, random: () => number): Float64Array[];
}

export type FitResult =
  | { readonly ok: true; readonly model: FittedForecaster }
  | { readonly ok: false; readonly reason: 'too_short'; readonly observationsNeeded: number };

export interface Forecaster {
  readonly name: string;
  /** Scored beside the others and never combined with them. */
  readonly isBenchmark?: boolean;
  fit(history: Series): FitResult;
}

/** Only `fit` makes one, so an unfitted model cannot be asked for a forecast. */
export interface FittedForecaster {
  forecast(horizonSteps: number): Forecast;
}
