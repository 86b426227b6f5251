/**
 * How often the date on which a simulated region runs out lies between the P10 and the P90 that were told, over 1,000
 * seeded regions with growth, a week, shifts and planned launches: 80 % is what was promised. Beside it how often it lay
 * before each level, and the share of regions whose answer could not fail (nothing within the horizon, and nothing came).
 *
 * Run: node bench/exhaustion.ts [regions] [first seed]
 */
import { regionForecast } from '../lib/planning/region-forecast.ts';
import { simulatedRegion } from './simulated-region.ts';

const [regions = 1_000, firstSeed = 1] = process.argv.slice(2).map(Number);
const LEVELS = ['p10', 'p50', 'p90'] as const;

let [held, certain, told] = [0, 0, 0];
const before = { p10: 0, p50: 0, p90: 0 };
for (let seed = firstSeed; seed < firstSeed + regions; seed += 1) {
  const { inputs, truth } = simulatedRegion(seed);
  const { cores } = regionForecast(inputs);
  if (cores.status !== 'forecast' || !cores.exhaustion?.days) continue;
  told += 1;
  const days = cores.exhaustion.days;
  const at = (level: (typeof LEVELS)[number]) => days[level] ?? Number.POSITIVE_INFINITY;
  for (const level of LEVELS) if (truth < at(level)) before[level] += 1;
  if (truth >= at('p10') && truth <= at('p90')) held += 1;
  if (days.p10 === null && truth === Number.POSITIVE_INFINITY) certain += 1;
}
const percent = (count: number) => `${((100 * count) / told).toFixed(1)} %`;
console.log(`Exhaustion of ${told} simulated regions, a year ahead (seeds from ${firstSeed})`);
console.log(`  between P10 and P90: ${percent(held)} (80 % promised)`);
console.log(
  `  before P10 ${percent(before.p10)}, before P50 ${percent(before.p50)}, before P90 ${percent(before.p90)}`,
);
console.log(`  could not fail: ${percent(certain)}`);
