import type { Region } from '../identifiers.ts';
import { type Day, dayOf, startOfDay } from '../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import { AHEAD_MAX_US, EARLIEST } from './reading-rules.ts';
import type { Findings } from './row-sink.ts';

/** A request for an instance that no host took. */
export interface RefusedRequest {
  /** Of the instance that was to be. */
  readonly id: string;
  readonly at: InstantUs;
  /** Null where it is not told. */
  readonly cores: number | null;
  readonly ramGib: number | null;
}

type Hours = Record<'refused' | 'refused-cores' | 'refused-ram', (number | null)[]>;

/** Counts the refused requests of an object by day and hour: each instance once a day, told by two notifications or one. */
export class RefusedRequests {
  readonly #region: Region;
  readonly #latest: InstantUs;
  readonly #seen = new Set<string>();
  readonly #days = new Map<Day, Hours>();

  constructor(region: Region, putAt: InstantUs) {
    this.#region = region;
    this.#latest = putAt + AHEAD_MAX_US;
  }

  add({ id, at, cores, ramGib }: RefusedRequest): void {
    if (at < EARLIEST || at > this.#latest) return;
    const date = dayOf(at);
    const name = `${date}#${id}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    const hours = this.#days.get(date) ?? noHours();
    this.#days.set(date, hours);
    const hour = Math.floor((at - startOfDay(date)) / HOUR_US);
    const more = (metric: keyof Hours, amount: number) => {
      hours[metric][hour] = (hours[metric][hour] ?? 0) + amount;
    };
    more('refused', 1);
    if (cores !== null) more('refused-cores', cores);
    if (ramGib !== null) more('refused-ram', ramGib);
  }

  importedDays(): Findings['importedDays'] {
    const region = this.#region;
    return [...this.#days].flatMap(([date, own]) =>
      (['refused', 'refused-cores', 'refused-ram'] as const).flatMap((metric) => {
        const hours = own[metric];
        return hours.every((value) => value === null) ? [] : [{ region, date, metric, hours }];
      }),
    );
  }
}

function noHours(): Hours {
  const none = () => new Array<number | null>(24).fill(null);
  return { refused: none(), 'refused-cores': none(), 'refused-ram': none() };
}
