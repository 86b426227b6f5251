import { DAY_US, HOUR_US } from '../period/instant.ts';

const DAY_HOURS = DAY_US / HOUR_US;

/**
 * How what grows with use rose in a month, by team: noted at the end of each day while the month is
 * rated. In millionths of the billed currency, prices below 0 counted as above: it tells how regular
 * the days are, and is no amount.
 */
export class MonthCourse {
  /** Of the month that are looked at. */
  readonly hours: number;
  readonly #marks: ReadonlyMap<string, bigint>[] = [];

  constructor(hours: number) {
    this.hours = hours;
  }

  /** @param teams is asked at the end of a day, and of the last hour */
  passed(hours: number, teams: () => ReadonlyMap<string, bigint>): void {
    if (hours > this.hours) return;
    if (hours % DAY_HOURS === 0 || hours === this.hours) this.#marks.push(teams());
  }

  /** Whole days that were passed. */
  get days(): number {
    return Math.floor(this.hours / DAY_HOURS);
  }

  /** What each whole day came to; a price that a later day lowered makes none less than nothing. */
  daysOf(team: string): bigint[] {
    let before = 0n;
    return this.#marks.slice(0, this.days).map((mark) => {
      const now = mark.get(team) ?? 0n;
      const cost = now > before ? now - before : 0n;
      before = now;
      return cost;
    });
  }

  /** What all hours came to. */
  grownOf(team: string): bigint {
    return this.#marks.at(-1)?.get(team) ?? 0n;
  }
}
