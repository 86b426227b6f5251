import { KEPT_QUANTILES } from '../capacity/forecast-answer.ts';
import { pinball } from '../forecasting/accuracy.ts';
import { at } from '../forecasting/numbers.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { EXHAUSTION_DAYS, type RecordSheet, SCORED_DAYS } from './record-sheet.ts';
import type { ExhaustionScore, HorizonScore } from './track-record.ts';

/** Known days of demand by date, in the statistic that was forecast. */
export type Happened = ReadonlyMap<Day, number>;

/** One day that was forecast, and came. */
export interface ScoredDay {
  readonly date: Day;
  readonly actual: number;
  readonly scale: number | null;
  readonly step: RecordSheet['steps'][number];
}

/** Levels whose pinball losses are averaged: evenly spaced, so that the mean is half the CRPS. */
const PINBALL_LEVELS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;
/** Of the days of a span, the share that must be known to say that nothing was exceeded in it. */
const KNOWN_SHARE = 0.9;

/** Days from `from` on that came, as they were forecast `days` before. */
export function scoredDays(
  sheets: readonly RecordSheet[],
  happened: Happened,
  options: { readonly days: number; readonly from: Day },
): ScoredDay[] {
  return sheets.flatMap(({ origin, scale, steps }) => {
    const step = steps.find((one) => one.days === options.days);
    const date = addDays(origin, options.days);
    const actual = happened.get(date);
    return step && actual !== undefined && date >= options.from
      ? [{ date, actual, scale, step }]
      : [];
  });
}

/** Null where nothing that was forecast so far ahead has come yet. */
export function scoreHorizon(days: number, scored: readonly ScoredDay[]): HorizonScore | null {
  if (scored.length === 0) return null;
  return {
    days,
    scored: scored.length,
    forecast: {
      ...pointScore(scored, ({ step }) => quantile(step, 0.5)),
      pinball: meanOver(scored, ({ actual, step }) =>
        meanOver(PINBALL_LEVELS, (level) => pinball(actual, quantile(step, level), level)),
      ),
      coverage80: held(scored, 0.1, 0.9),
      coverage95: held(scored, 0.025, 0.975),
    },
    seasonalNaive: pointScore(scored, ({ step }) => step.seasonalNaive),
    predictLinear: pointScore(scored, ({ step }) => step.predictLinear),
  };
}

/** Share of the days inside the interval between two levels. */
export function held(scored: readonly ScoredDay[], low: Level, high: Level): number {
  return meanOver(scored, ({ actual, step }) =>
    actual >= quantile(step, low) && actual <= quantile(step, high) ? 1 : 0,
  );
}

/** Sums of absolute errors over the sum of demand, in percent; null without demand. */
export function errorPercents(scored: readonly ScoredDay[]) {
  return {
    errorPercent: percentOf(scored, ({ step }) => quantile(step, 0.5)),
    seasonalNaivePercent: percentOf(scored, ({ step }) => step.seasonalNaive),
    predictLinearPercent: percentOf(scored, ({ step }) => step.predictLinear),
  };
}

type Level = (typeof KEPT_QUANTILES)[number];

function quantile(step: ScoredDay['step'], level: Level): number {
  return at(step.quantiles, KEPT_QUANTILES.indexOf(level));
}

/** Of the point forecast that `told` gives; with every quantile there, pinball is half its error. */
function pointScore(scored: readonly ScoredDay[], told: (day: ScoredDay) => number) {
  const mae = meanOver(scored, (day) => Math.abs(told(day) - day.actual));
  const demand = meanOver(scored, ({ actual }) => actual);
  const scaled = scored.flatMap((day) =>
    day.scale === null ? [] : Math.abs(told(day) - day.actual) / day.scale,
  );
  return {
    mae,
    mase: scaled.length === 0 ? null : meanOver(scaled, (error) => error),
    errorPercent: percentOf(scored, told),
    bias: demand > 0 ? meanOver(scored, (day) => told(day) - day.actual) / demand : null,
    pinball: mae / 2,
  };
}

function percentOf(scored: readonly ScoredDay[], told: (day: ScoredDay) => number): number | null {
  const demand = scored.reduce((sum, { actual }) => sum + actual, 0);
  const error = scored.reduce((sum, day) => sum + Math.abs(told(day) - day.actual), 0);
  return demand > 0 ? (100 * error) / demand : null;
}

/**
 * Brier's score of "demand exceeds what is usable within so many days" (Brier, 1950). What was
 * usable is what the forecast took it to be, since that is what it spoke of. A span with days
 * missing counts as not exceeded only if nine tenths of them are known.
 */
export function scoreExhaustion(
  sheets: readonly RecordSheet[],
  happened: Happened,
  options: { readonly from: Day; readonly to: Day },
): ExhaustionScore[] {
  return EXHAUSTION_DAYS.flatMap((days) => {
    const said = sheets.flatMap(({ origin, exhaustion }) => {
      const end = addDays(origin, days);
      const told = exhaustion?.probabilities.find((one) => one.days === days);
      if (!told || exhaustion === null || end < options.from || end > options.to) return [];
      const outcome = exceeded({ origin, days, usable: exhaustion.usable, happened });
      return outcome === null ? [] : [{ probability: told.probability, outcome }];
    });
    if (said.length === 0) return [];
    return {
      days,
      scored: said.length,
      happened: said.filter(({ outcome }) => outcome === 1).length,
      meanProbability: meanOver(said, ({ probability }) => probability),
      brier: meanOver(said, ({ probability, outcome }) => (probability - outcome) ** 2),
    };
  });
}

function exceeded(span: {
  readonly origin: Day;
  readonly days: number;
  readonly usable: readonly number[];
  readonly happened: Happened;
}): 0 | 1 | null {
  let known = 0;
  for (let day = 1; day <= span.days; day += 1) {
    const actual = span.happened.get(addDays(span.origin, day));
    if (actual === undefined) continue;
    if (actual > at(span.usable, day - 1)) return 1;
    known += 1;
  }
  return known >= KNOWN_SHARE * span.days ? 0 : null;
}

function meanOver<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}

/** Every horizon at which something came. */
export function scoreHorizons(
  sheets: readonly RecordSheet[],
  happened: Happened,
  from: Day,
): HorizonScore[] {
  return SCORED_DAYS.flatMap(
    (days) => scoreHorizon(days, scoredDays(sheets, happened, { days, from })) ?? [],
  );
}
