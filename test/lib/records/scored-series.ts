import { KEPT_QUANTILES } from '../../../lib/capacity/forecast-answer.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import type { Day } from '../../../lib/period/calendar.ts';
import { addDays } from '../../../lib/period/calendar.ts';
import type { KeptForecast } from '../../../lib/records/kept-forecast.ts';

/** A forecast of record whose quantiles at level L are `median + width x (L - 0.5)` on every day. */
export function kept(input: {
  readonly origin: Day;
  readonly median: number;
  readonly width?: number;
  readonly madeOn?: Day;
  readonly naive?: number;
  readonly linear?: number;
  readonly scale?: number | null;
  readonly usable?: number | null;
  readonly probability?: number;
}): KeptForecast {
  const { origin, median, width = 10, usable = null } = input;
  const flat = (value: number) => new Array<number>(365).fill(value);
  return {
    schemaVersion: 1,
    region: parseRegion('west'),
    metric: 'cores',
    madeOn: input.madeOn ?? addDays(origin, 1),
    createdAt: `${addDays(origin, 1)}T02:00:00Z`,
    codeVersion: 'test',
    origin,
    inputs: {
      dataSha256: 'a'.repeat(64),
      history: { start: origin, values: [median] },
      model: { name: 'naive', members: [{ name: 'naive', weight: 1 }] },
      seed: 1,
      usable: usable === null ? null : flat(usable),
      plan: {},
    },
    quantiles: KEPT_QUANTILES.map((level) => flat(median + width * (level - 0.5))),
    exhaustion: usable === null ? null : flat(input.probability ?? 0),
    seasonalNaive: flat(input.naive ?? median),
    predictLinear: flat(input.linear ?? median),
    scale: input.scale === undefined ? 2 : input.scale,
  };
}
