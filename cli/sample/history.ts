import { addMonths, monthOf, periodOfMonth } from '../../lib/period/calendar.ts';
import { formatInstant, HOUR_US, type InstantUs } from '../../lib/period/instant.ts';
import type { SampleFile } from './ceilometer.ts';
import { type Character, type SampleCloud, type SampleRegion, valueAt } from './cloud.ts';
import { type Random, seededRandom } from './random.ts';

export const HISTORY_MONTHS = 18;
const MIB_PER_GIB = 1_024;

/**
 * 18 months before the samples begin, as Gnocchi would give them: hourly sums of allocated vCPUs
 * and MiB over the region, in the documented envelope. It ends where the samples start.
 */
export function gnocchiHistory(cloud: SampleCloud): SampleFile[] {
  return cloud.regions.flatMap((region, index) => {
    const standing = allocatedAt(region, cloud.start + HOUR_US);
    const random = seededRandom(cloud.seed * 77 + index);
    return [
      historyFile(cloud, region, { metric: 'cores', unit: 'vcpu', level: standing.cores, random }),
      historyFile(cloud, region, {
        metric: 'ram',
        unit: 'MiB',
        level: standing.ramGib * MIB_PER_GIB,
        random,
      }),
    ];
  });
}

function historyFile(
  cloud: SampleCloud,
  region: SampleRegion,
  series: { metric: 'cores' | 'ram'; unit: string; level: number; random: Random },
): SampleFile {
  const start = periodOfMonth(addMonths(monthOf(cloud.start), -HISTORY_MONTHS)).start;
  const measures: [string, number, number][] = [];
  let wander = 0;
  for (let hour = start; hour < cloud.start; hour += HOUR_US) {
    wander = 0.985 * wander + 0.003 * (series.random.next() - 0.5);
    const share = shape(region.character, hour, { start, end: cloud.start });
    const value = Math.max(1, Math.round(series.level * (share + wander)));
    measures.push([formatInstant(hour).replace('Z', '+00:00'), 3_600, value]);
  }
  const envelope = {
    region: region.region,
    metric: series.metric,
    operation: 'sum',
    granularity: 3_600,
    unit: series.unit,
    body: { measures: { aggregated: measures } },
  };
  return {
    region: region.region,
    name: `gnocchi-${region.region}-${series.metric}.json`,
    rows: measures.length,
    body: Buffer.from(JSON.stringify(envelope)),
  };
}

/** Demand as a share of its level at the end of the history. */
function shape(
  character: Character,
  hour: InstantUs,
  span: { readonly start: InstantUs; readonly end: InstantUs },
): number {
  const progress = (hour - span.start) / (span.end - span.start);
  const weekday = new Date(hour / 1_000).getUTCDay();
  const weekend = weekday === 0 || weekday === 6;
  switch (character) {
    case 'steady-growth':
      return 0.45 + 0.55 * progress;
    case 'weekly-with-launch': {
      // A launch half way moved it up for good; a quarter of it rests at weekends.
      const level = progress < 0.5 ? 0.62 + 0.1 * progress : 0.85 + 0.15 * progress;
      return weekend ? level * 0.78 : level;
    }
    case 'nearly-full':
      return 0.5 + 0.5 * progress;
    default:
      return character satisfies never;
  }
}

/** What the region's running instances hold. */
export function allocatedAt(
  region: SampleRegion,
  at: InstantUs,
): { readonly cores: number; readonly ramGib: number } {
  let [cores, ramGib] = [0, 0];
  for (const instance of region.instances) {
    if (instance.createdAt > at || (instance.deletedAt !== null && instance.deletedAt <= at))
      continue;
    const flavor = valueAt(instance.flavors, at);
    cores += flavor.vcpus;
    ramGib += flavor.ramMib / MIB_PER_GIB;
  }
  return { cores, ramGib };
}
