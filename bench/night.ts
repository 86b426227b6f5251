/**
 * What a region's night costs: cores and RAM a year ahead with events, both on one path, then 30 teams of each, reconciled.
 * 400 days, seeded. Limits: 30 seconds and 512 MB of memory, the runtime included.
 *
 * Run: node bench/night.ts
 */
import { addDays } from '../lib/period/calendar.ts';
import { regionForecast } from '../lib/planning/region-forecast.ts';
import { teamForecasts } from '../lib/planning/team-forecasts.ts';
import { simulatedRegion } from './simulated-region.ts';

const TEAMS = 30;
const DAYS = 400;
const HORIZON_DAYS = 365;
const [SECONDS_MAX, MEGABYTES_MAX] = [30, 512];

/** The newest days of a simulated region, at so many times its size. */
function demandOf(seed: number, scale: number) {
  const { inputs } = simulatedRegion(seed);
  const days = inputs.demand.cores.slice(-DAYS);
  const lacking = DAYS - days.length;
  const first = days[0]?.peak ?? 0;
  const values = [...new Array<number>(lacking).fill(first), ...days.map(({ peak }) => peak)];
  return values.map((value, index) => ({
    date: addDays('2025-10-17', index),
    mean: 0.9 * scale * value,
    peak: scale * value,
    source: 'metered' as const,
  }));
}

const [cores, ram] = [demandOf(1, 1), demandOf(2, 4)];
const { events } = simulatedRegion(2).inputs;
const usable = (days: typeof cores) => ({
  usable: [{ from: '2026-11-20', usable: 1.2 * (days.at(-1)?.peak ?? 0) }],
  hostSize: 64,
});

const started = performance.now();
const region = regionForecast({
  region: 'bench',
  demand: { cores, ram },
  capacity: { cores: usable(cores), ram: usable(ram) },
  events,
  shifts: [],
  settings: { leadTimeDays: { low: 40, mid: 60, high: 120 } },
  horizonDays: HORIZON_DAYS,
});
const ofRegion = performance.now();
for (const metric of ['cores', 'ram'] as const) {
  const teams = Array.from({ length: TEAMS }, (_, index) => ({
    team: `team-${index}`,
    values: demandOf(10 + index, metric === 'ram' ? 4 : 1).map(({ mean }) => mean),
  }));
  const made = teamForecasts({
    region: 'bench',
    metric,
    demands: { start: '2025-10-17', teams },
    horizonDays: HORIZON_DAYS,
  });
  if (made?.teams.length !== TEAMS) throw new Error('not every team was forecast');
}
if (region.exhaustion === null) throw new Error('no exhaustion was told');
const ended = performance.now();
const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;
const { user, system } = process.cpuUsage();
const megabytes = process.resourceUsage().maxRSS / 1_024;
console.log(`A region's night: cores, RAM and ${TEAMS} teams of each, ${DAYS} days, a year ahead`);
console.log(`  region ${seconds(ofRegion - started)}, teams ${seconds(ended - ofRegion)}`);
console.log(
  `  in all ${seconds(ended - started)} (limit ${SECONDS_MAX} s), CPU ${seconds((user + system) / 1_000)}`,
);
console.log(`  peak memory ${megabytes.toFixed(0)} MB (limit ${MEGABYTES_MAX} MB)`);
if (ended - started > 1_000 * SECONDS_MAX || megabytes > MEGABYTES_MAX) process.exitCode = 1;
