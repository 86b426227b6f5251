import { normalSource, seededRandom } from '../lib/forecasting/random.ts';
import { parseRegion } from '../lib/identifiers.ts';
import { addDays, type Day } from '../lib/period/calendar.ts';
import { activeShare } from '../lib/planning/event-ramp.ts';
import type { PlannedEvent } from '../lib/planning/planned-event.ts';
import type { RegionForecastInputs } from '../lib/planning/region-inputs.ts';
import { spreadQuantile } from '../lib/planning/spread-quantile.ts';

/** A region whose future is known to the one who scores, not to the one who forecasts. */
export interface SimulatedRegion {
  readonly inputs: RegionForecastInputs;
  /** Days after the origin until demand was above capacity; Infinity beyond the horizon. */
  readonly truth: number;
  /** Demand of each day after the origin, as it came. */
  readonly future: readonly number[];
}

const START = '2025-01-01';
const HORIZON_DAYS = 365;
const SHIFT_EVERY_DAYS = 365;
/** Standard deviation, as a share of the level. */
const SHIFT_SIZE = 0.06;

/**
 * Growth that wanders, a week, noise that fades, teams that move in or out unannounced about once a
 * year, and a planned launch in half of them that comes as its plan says: with its probability,
 * at a size from its spread. Capacity lies where growth, as it is at the origin, meets it within
 * one to seven months.
 */
export function simulatedRegion(seed: number): SimulatedRegion {
  const random = seededRandom(seed);
  const normal = normalSource(random);
  const between = (low: number, high: number) => low + (high - low) * random();
  const historyDays = Math.round(between(250, 700));
  const total = historyDays + HORIZON_DAYS;
  const level = 300 * 20 ** random();
  const values = demandOf({ total, level, normal, random });
  moveTeams(values, { level, random, normal });
  const origin = addDays(START, historyDays - 1);
  const known = values.slice(0, historyDays);
  const growth = Math.max(0.03 * level, 365 * slopeAt(known));
  const capacity = Math.max(...known.slice(-28)) + growth * between(0.1, 0.6);
  const event = random() < 0.5 ? launch(origin, { level, random }) : null;
  if (event !== null) addLaunch(values, event, random);
  const crossed = values.slice(historyDays).findIndex((value) => value > capacity);
  return {
    future: values.slice(historyDays),
    truth: crossed < 0 ? Number.POSITIVE_INFINITY : crossed + 1,
    inputs: {
      region: `simulated-${seed}`,
      demand: {
        cores: known.map((value, index) => {
          const peak = Math.max(0, value);
          return { date: addDays(START, index), mean: 0.95 * peak, peak, source: 'metered' };
        }),
        ram: [],
      },
      capacity: {
        cores: { usable: [{ from: origin, usable: capacity }], hostSize: 64 },
        ram: null,
      },
      events: event === null ? [] : [event],
      shifts: [],
      settings: {},
      horizonDays: HORIZON_DAYS,
    },
  };
}

/** Teams move in and out unannounced, before the origin as after it: shifts of the level. */
function moveTeams(
  values: number[],
  of: { readonly level: number; readonly random: () => number; readonly normal: () => number },
): void {
  let moved = 0;
  for (const [day, value] of values.entries()) {
    if (of.random() < 1 / SHIFT_EVERY_DAYS) moved += SHIFT_SIZE * of.level * of.normal();
    values[day] = value + moved;
  }
}

/** Level and slope that wander, a week, and noise that carries over from day to day. */
function demandOf(of: {
  readonly total: number;
  readonly level: number;
  readonly normal: () => number;
  readonly random: () => number;
}): number[] {
  const { total, level, normal, random } = of;
  const growth = (level * (0.05 + 0.4 * random())) / 365;
  const week = Array.from({ length: 7 }, () => 0.03 * level * random() * normal());
  const [wander, noise] = [0.004 * level * random(), 0.015 * level * (0.3 + random())];
  let [trend, slope, error] = [level, growth, 0];
  return Array.from({ length: total }, (_, day) => {
    slope = growth + 0.99 * (slope - growth) + 0.02 * growth * normal();
    trend += slope + wander * normal();
    error = 0.5 * error + noise * normal();
    return trend + (week[day % 7] ?? 0) + error;
  });
}

/** By half a year, from medians: what a planner would read off the curve. */
function slopeAt(values: readonly number[]): number {
  const middle = (from: number, to: number) => {
    const sorted = values.slice(from, to).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  };
  const end = values.length;
  return (middle(end - 28, end) - middle(end - 208, end - 180)) / 180;
}

function launch(
  origin: Day,
  { level, random }: { readonly level: number; readonly random: () => number },
): PlannedEvent {
  const mid = level * (0.03 + 0.1 * random());
  return {
    id: 'launch',
    region: parseRegion('simulated'),
    kind: 'launch',
    date: addDays(origin, Math.round(10 + 200 * random())),
    ramp: { shape: random() < 0.5 ? 'linear' : 's', days: Math.round(60 * random()) },
    size: { cores: { low: 0.6 * mid, mid, high: 1.6 * mid } },
    probability: [0.5, 0.8, 1][Math.floor(3 * random())] ?? 1,
  };
}

function addLaunch(values: number[], event: PlannedEvent, random: () => number): void {
  const [comes, quantile] = [random() < event.probability, random()];
  const spread = event.size.cores;
  if (!comes || spread === undefined) return;
  const size = spreadQuantile(spread, quantile);
  for (const [index, value] of values.entries()) {
    values[index] = value + size * activeShare(event, addDays(START, index));
  }
}
