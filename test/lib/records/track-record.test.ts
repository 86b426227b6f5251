import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../../lib/period/calendar.ts';
import type { KeptForecast } from '../../../lib/records/kept-forecast.ts';
import { sheetOf } from '../../../lib/records/record-sheet.ts';
import { trackRecordOf } from '../../../lib/records/track-record-of.ts';
import { kept } from './scored-series.ts';

const ORIGIN = '2026-08-01';

function record(forecasts: readonly KeptForecast[], happened: ReadonlyMap<Day, number>) {
  return trackRecordOf({
    region: 'west',
    metric: 'cores',
    sheets: forecasts.map(sheetOf),
    happened,
  });
}

/** Demand of the days after an origin, the first first. */
function since(origin: Day, values: readonly number[]): Map<Day, number> {
  return new Map(values.map((value, index) => [addDays(origin, index + 1), value]));
}

describe('the record of past forecasts', () => {
  it('is none before a day that was forecast has come', () => {
    expect(record([kept({ origin: ORIGIN, median: 100 })], new Map())).toBeNull();
    expect(record([], since(ORIGIN, [100]))).toBeNull();
  });

  it('scores each horizon by the day that was so far ahead', () => {
    const values = Array.from({ length: 30 }, (_, index) => 100 + index + 1);
    const told = record([kept({ origin: ORIGIN, median: 100 })], since(ORIGIN, values));
    expect(told?.horizons.map(({ days, forecast }) => [days, forecast.mae])).toEqual([
      [1, 1],
      [7, 7],
      [30, 30],
    ]);
  });

  it('tells error, scaled error, bias and pinball loss as they are defined', () => {
    const told = record([kept({ origin: ORIGIN, median: 110, scale: 4 })], since(ORIGIN, [100]));
    const score = told?.horizons[0]?.forecast;
    expect(score).toMatchObject({ mae: 10, mase: 2.5, errorPercent: 10, bias: 0.1 });
    // Quantiles 106, 107 .. 114 for the levels 0.1 to 0.9, all above 100: the mean of (1 - L)(q - 100).
    const levels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    const loss = levels.reduce((sum, level) => sum + (1 - level) * (5 + 10 * level), 0) / 9;
    expect(score?.pinball).toBeCloseTo(loss, 10);
  });

  it('shows what repeating the week and a straight line would have said of the same days', () => {
    const forecast = kept({ origin: ORIGIN, median: 101, naive: 104, linear: 92, scale: 2 });
    const [day] = record([forecast], since(ORIGIN, [100]))?.horizons ?? [];
    expect(day?.seasonalNaive).toMatchObject({ mae: 4, mase: 2, bias: 0.04, pinball: 2 });
    expect(day?.predictLinear).toMatchObject({ mae: 8, mase: 4, bias: -0.08, pinball: 4 });
  });

  it.each([
    { actual: 100, in80: 1, in95: 1 },
    { actual: 104, in80: 1, in95: 1 },
    { actual: 104.5, in80: 0, in95: 1 },
    { actual: 105, in80: 0, in95: 0 },
  ])('counts $actual as held by 80 %: $in80, by 95 %: $in95', ({ actual, in80, in95 }) => {
    // 80 %: 96 to 104; 95 %: 95.25 to 104.75.
    const told = record([kept({ origin: ORIGIN, median: 100 })], since(ORIGIN, [actual]));
    expect(told?.horizons[0]?.forecast).toMatchObject({ coverage80: in80, coverage95: in95 });
  });

  it('takes the newest of two forecasts from one last day: data came late', () => {
    const forecasts = [
      kept({ origin: ORIGIN, median: 120, madeOn: '2026-08-02' }),
      kept({ origin: ORIGIN, median: 101, madeOn: '2026-08-03' }),
    ];
    const told = record(forecasts.toReversed(), since(ORIGIN, [100]));
    expect(told?.forecasts).toBe(1);
    expect(told?.horizons[0]).toMatchObject({ scored: 1, forecast: { mae: 1 } });
  });

  it('leaves out days that were not observed, and days before the last half year', () => {
    const forecasts = Array.from({ length: 200 }, (_, index) =>
      kept({ origin: addDays(ORIGIN, index), median: 100 }),
    );
    const happened = since(ORIGIN, new Array<number>(200).fill(100));
    happened.delete(addDays(ORIGIN, 150));
    const told = record(forecasts, happened);
    expect(told?.horizons[0]).toMatchObject({ days: 1, scored: 182 });
    expect(told?.from).toBe(addDays(ORIGIN, 200 - 182));
  });

  it('says it in one line', () => {
    const line = (days: number) =>
      record(
        Array.from({ length: days }, (_, index) =>
          kept({ origin: addDays(ORIGIN, index), median: 104.1, width: 6 }),
        ),
        since(ORIGIN, new Array<number>(days).fill(100)),
      )?.summary.text;
    expect(line(1)).toBe('last day: error 4.1 %, interval held 0 % of target 80 %');
    expect(line(20)).toBe('last 20 days: error 4.1 %, interval held 0 % of target 80 %');
    expect(line(183)).toBe('last 6 months: error 4.1 %, interval held 0 % of target 80 %');
  });

  it('has no error in percent of no demand at all', () => {
    const told = record([kept({ origin: ORIGIN, median: 0, scale: null })], since(ORIGIN, [0]));
    expect(told?.horizons[0]?.forecast).toMatchObject({
      mase: null,
      errorPercent: null,
      bias: null,
    });
    expect(told?.summary.text).toBe('last day: interval held 100 % of target 80 %');
  });
});

describe('exhaustion that was told', () => {
  const told = (probability: number, values: readonly number[], usable = 150) =>
    record([kept({ origin: ORIGIN, median: 100, usable, probability })], since(ORIGIN, values))
      ?.exhaustion;
  const level = (days: number, value = 100) => new Array<number>(days).fill(value);

  it('is scored once the days have passed, by the square of what was missing to the outcome', () => {
    expect(told(0.2, level(29))).toEqual([]);
    expect(told(0.2, level(60))).toEqual([
      { days: 30, scored: 1, happened: 0, meanProbability: 0.2, brier: expect.closeTo(0.04) },
      { days: 60, scored: 1, happened: 0, meanProbability: 0.2, brier: expect.closeTo(0.04) },
    ]);
    expect(told(0.2, [...level(10), 151, ...level(19)])).toEqual([
      { days: 30, scored: 1, happened: 1, meanProbability: 0.2, brier: expect.closeTo(0.64) },
    ]);
  });

  it('is not scored where too many days are not known to say that nothing happened', () => {
    const happened = since(ORIGIN, level(30));
    for (let day = 1; day <= 4; day += 1) happened.delete(addDays(ORIGIN, day));
    const forecasts = [kept({ origin: ORIGIN, median: 100, usable: 150, probability: 0.1 })];
    expect(record(forecasts, happened)?.exhaustion).toEqual([]);
  });
});

describe('laws of scores', () => {
  it('a forecast that said what came has no error, and its bands held', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 40 }),
        (values) => {
          const forecasts = values.map((median, index) =>
            kept({ origin: addDays(ORIGIN, index), median, width: 0 }),
          );
          const told = record(forecasts, since(ORIGIN, values));
          expect(told?.horizons[0]?.forecast).toMatchObject({
            mae: 0,
            errorPercent: 0,
            bias: 0,
            coverage80: 1,
            coverage95: 1,
          });
        },
      ),
      { numRuns: 50 },
    ));

  it('no order of the forecasts changes the record', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(60), fc.nat(60), fc.nat(200)), { minLength: 1, maxLength: 20 }),
        fc.nat(1_000),
        (drawn, turn) => {
          const forecasts = drawn.map(([day, later, median]) => {
            const origin = addDays(ORIGIN, day);
            return kept({ origin, median, madeOn: addDays(origin, later) });
          });
          const distinct = [...new Map(forecasts.map((one) => [one.madeOn, one])).values()];
          const happened = since(
            ORIGIN,
            Array.from({ length: 120 }, (_, day) => 50 + (day % 9)),
          );
          const turned = distinct.map((_, index) => {
            const at = (index + turn) % distinct.length;
            return distinct[at] ?? kept({ origin: ORIGIN, median: 0 });
          });
          const [a, b] = [record(distinct, happened), record(turned, happened)];
          expect(b?.horizons.map((one) => one.scored)).toEqual(
            a?.horizons.map((one) => one.scored),
          );
          expect(b?.summary.coverage80).toBeCloseTo(a?.summary.coverage80 ?? 0, 9);
        },
      ),
      { numRuns: 50 },
    ));
});
