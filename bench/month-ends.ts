/** Teams whose month is known to the one who scores: day costs of a month and the month before. */
import { sampleCloud } from '../cli/sample/build-cloud.ts';
import { valueAt } from '../cli/sample/cloud.ts';
import { normalSource, seededRandom } from '../lib/forecasting/random.ts';
import { addMonths, daysOfMonth, type Month, periodOfMonth } from '../lib/period/calendar.ts';
import { HOUR_US } from '../lib/period/instant.ts';

export interface TeamMonth {
  readonly period: Month;
  /** By hour. */
  readonly costs: readonly number[];
  /** Of the month before, by hour. */
  readonly before: readonly number[];
}

/** The sample cloud's projects by pairs, as its teams have them, with the prices of its card but for what they cost more on one day than another. */
export function sampleMonths(seed: number, period: Month): TeamMonth[] {
  const { start, end } = periodOfMonth(period);
  const cloud = sampleCloud({ seed, now: new Date(end / 1_000 - 1) });
  const first = periodOfMonth(addMonths(period, -1)).start;
  const teams = new Map<string, Float64Array>();
  const hours = (end - first) / HOUR_US;
  const add = (project: string, hour: number, cost: number) => {
    const team = project.split('-')[0] ?? project;
    const costs = teams.get(team) ?? new Float64Array(hours);
    costs[hour] = (costs[hour] ?? 0) + cost;
    teams.set(team, costs);
  };
  for (const { instances, holdings } of cloud.regions) {
    for (let hour = 0; hour < hours; hour += 1) {
      const at = first + hour * HOUR_US;
      const weekday = new Date(at / 1_000).getUTCDay();
      for (const one of instances) {
        if (one.createdAt > at || (one.deletedAt !== null && one.deletedAt <= at)) continue;
        if (one.shelvedAtWeekends && (weekday === 0 || weekday === 6)) continue;
        const { vcpus, ramMib } = valueAt(one.flavors, at);
        add(valueAt(one.projects, at), hour, vcpus * 0.01 + (ramMib / 1024) * 0.003);
      }
      for (const one of holdings) {
        if (one.createdAt > at || (one.deletedAt !== null && one.deletedAt <= at)) continue;
        if (one.kind === 'volume') add(one.project, hour, one.size * 0.0001);
        if (one.kind === 'address') add(one.project, hour, 0.004);
      }
    }
  }
  const split = (start - first) / HOUR_US;
  return [...teams.values()].map((costs) => ({
    period,
    before: Array.from(costs.subarray(0, split)),
    costs: Array.from(costs.subarray(split)),
  }));
}

/**
 * A team of a handful to hundreds of instances of sizes that differ: they come and go one by one, some
 * rest at night or at weekends, and about once in two months many come or go at once.
 */
export function simulatedMonth(seed: number, period: Month): TeamMonth {
  const random = seededRandom(seed);
  const normal = normalSource(random);
  const first = periodOfMonth(addMonths(period, -1)).start;
  const { start, end } = periodOfMonth(period);
  const hours = (end - first) / HOUR_US;
  const level = 4 * 60 ** random();
  const life = 24 * (5 + 300 * random() ** 2);
  const growth = 1 + 0.6 * (random() - 0.35);
  const weekend = random() < 0.4 ? 0.5 + 0.4 * random() : 1;
  const night = random() < 0.3 ? 0.6 + 0.3 * random() : 1;
  const traffic = random() < 0.3 ? 0.3 * random() : 0.02;
  const sizes = () => 2 ** Math.floor(4 * random());
  let running = Array.from({ length: Math.round(level) }, sizes);
  let noise = 0;
  const costs = Array.from({ length: hours }, (_, hour) => {
    const wanted = level * growth ** (hour / hours);
    if (random() < wanted / life) running.push(sizes());
    running = running.filter(() => random() > 1 / life);
    if (random() < 1 / (60 * 24)) {
      const jump = Math.ceil(level * 0.5 * random());
      if (random() < 0.6) running.push(...Array.from({ length: jump }, sizes));
      else running.splice(0, jump);
    }
    const at = new Date((first + hour * HOUR_US) / 1_000);
    const rest =
      ([0, 6].includes(at.getUTCDay()) ? weekend : 1) * (at.getUTCHours() < 6 ? night : 1);
    noise = 0.9 * noise + 0.44 * normal();
    const sum = running.reduce((total, size) => total + size, 0);
    return sum * rest + traffic * level * 3 * Math.exp(0.5 * noise);
  });
  const split = (start - first) / HOUR_US;
  return { period, before: costs.slice(0, split), costs: costs.slice(split) };
}

export function dayCosts(costs: readonly number[], first: Month, hours: number) {
  const firstWeekday = new Date(`${daysOfMonth(first)[0]}T00:00:00Z`).getUTCDay();
  const days = Array.from({ length: Math.floor(hours / 24) }, (_, day) =>
    costs.slice(day * 24, day * 24 + 24).reduce((sum, cost) => sum + cost, 0),
  );
  return { firstWeekday, costs: days.map((cost) => BigInt(Math.round(cost * 1e6))) };
}
