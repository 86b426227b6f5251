import { gzipSync } from 'node:zlib';
import { type Day, startOfDay } from '../../lib/period/calendar.ts';
import { DAY_US, HOUR_US, type InstantUs } from '../../lib/period/instant.ts';
import { row, rowTail } from './ceilometer-row.ts';
import { type Flavor, type Holding, type Instance, type SampleRegion, valueAt } from './cloud.ts';
import { type Random, seededRandom } from './random.ts';

export interface SampleFile {
  readonly region: string;
  readonly name: string;
  readonly rows: number;
  readonly body: Uint8Array;
}

/** What a Ceilometer agent that polls once an hour would have exported for a region and day, gzipped JSON lines. */
export function ceilometerDay(
  region: SampleRegion,
  day: Day,
  options: { readonly end: InstantUs; readonly seed: number },
): SampleFile {
  const start = startOfDay(day);
  const random = seededRandom(options.seed + Math.floor(start / DAY_US) + region.region.length);
  const rows: string[] = [];
  const until = Math.min(start + DAY_US, options.end);
  for (let hour = start; hour < until; hour += HOUR_US) {
    for (const instance of region.instances) pollInstance(rows, random, { instance, hour });
    for (const holding of region.holdings) pollHolding(rows, random, { holding, hour });
  }
  return {
    region: region.region,
    name: `ceilometer-${region.region}-${day}.jsonl.gz`,
    rows: rows.length,
    body: gzipSync(rows.join(''), { level: 1 }),
  };
}

function pollInstance(
  rows: string[],
  random: Random,
  poll: { readonly instance: Instance; readonly hour: InstantUs },
): void {
  const { instance, hour } = poll;
  const at = hour + instance.pollOffsetUs;
  if (instance.deletedAt !== null && instance.deletedAt >= hour && instance.deletedAt < at) {
    instanceRows(rows, random, { instance, at: instance.deletedAt, state: 'deleted' });
    return;
  }
  if (at < instance.createdAt || (instance.deletedAt !== null && at > instance.deletedAt)) return;
  instanceRows(rows, random, { instance, at, state: stateAt(instance, at) });
  const deletedThisHour =
    instance.deletedAt !== null && instance.deletedAt < hour + HOUR_US ? instance.deletedAt : null;
  if (deletedThisHour !== null) {
    instanceRows(rows, random, { instance, at: deletedThisHour, state: 'deleted' });
  }
}

function stateAt(instance: Instance, at: InstantUs): 'active' | 'shelved_offloaded' {
  const weekday = new Date(at / 1_000).getUTCDay();
  return instance.shelvedAtWeekends && (weekday === 0 || weekday === 6)
    ? 'shelved_offloaded'
    : 'active';
}

function instanceRows(
  rows: string[],
  random: Random,
  poll: {
    readonly instance: Instance;
    readonly at: InstantUs;
    readonly state: 'active' | 'shelved_offloaded' | 'deleted';
  },
): void {
  const { instance, at, state } = poll;
  const flavor = valueAt(instance.flavors, at);
  const tail = rowTail(random, {
    project: valueAt(instance.projects, at),
    userId: instance.userId,
    at,
    metadata: instanceMetadata(instance, flavor, state),
  });
  const gauge = (name: string, unit: string, volume: number): void => {
    rows.push(row({ name, type: 'gauge', unit, volume, resource: instance.id }, tail(random)));
  };
  gauge('vcpus', 'vcpu', flavor.vcpus);
  gauge('memory', 'MiB', flavor.ramMib);
  gauge('disk.root.size', 'GiB', flavor.diskGib);
  if (state !== 'active') return;
  const running = counted(instance.restarts, at);
  const busyNs = Math.round(running.seconds * flavor.vcpus * instance.load * 1e9);
  rows.push(
    row(
      { name: 'cpu', type: 'cumulative', unit: 'ns', volume: busyNs, resource: instance.id },
      tail(random),
    ),
    row(
      {
        name: 'network.outgoing.bytes',
        type: 'cumulative',
        unit: 'B',
        volume: Math.round(running.seconds * instance.egressBytesPerSecond),
        resource: `instance-${instance.id.slice(0, 8)}-${instance.id}-tap${instance.id.slice(0, 8)}`,
      },
      tail(random),
    ),
  );
}

/** Seconds of work since the last restart, busier by day than by night; never falling. */
function counted(restarts: readonly InstantUs[], at: InstantUs): { readonly seconds: number } {
  const since = restarts.findLast((restart) => restart <= at) ?? at;
  const phase = (instant: InstantUs): number =>
    (Math.sin((2 * Math.PI * (instant % DAY_US)) / DAY_US - 2) * 0.6 * DAY_US) / (2 * Math.PI);
  return { seconds: (at - since + phase(at) - phase(since)) / 1e6 };
}

function pollHolding(
  rows: string[],
  random: Random,
  poll: { readonly holding: Holding; readonly hour: InstantUs },
): void {
  const { holding, hour } = poll;
  const at = hour + holding.pollOffsetUs;
  if (holding.deletedAt !== null && at > holding.deletedAt) return;
  const metadata = HOLDING_METADATA[holding.kind];
  const tail = rowTail(random, { project: holding.project, userId: holding.userId, at, metadata });
  const days = (at - holding.createdAt) / DAY_US;
  const size = Math.round(holding.size + holding.growthPerDay * days);
  const { name, unit } = HOLDING_METERS[holding.kind];
  rows.push(row({ name, type: 'gauge', unit, volume: size, resource: holding.id }, tail(random)));
  if (holding.kind !== 'object-store') return;
  const volume = random.integer(50_000_000);
  rows.push(
    row(
      {
        name: 'storage.objects.outgoing.bytes',
        type: 'delta',
        unit: 'B',
        volume,
        resource: holding.id,
      },
      tail(random),
    ),
  );
}

const HOLDING_METERS = {
  volume: { name: 'volume.size', unit: 'GiB' },
  address: { name: 'ip.floating', unit: 'ip' },
  'object-store': { name: 'storage.objects.size', unit: 'B' },
  image: { name: 'image.size', unit: 'B' },
} as const;

const HOLDING_METADATA = {
  volume: JSON.stringify({ display_name: 'data', volume_type: 'ssd', status: 'in-use' }),
  address: JSON.stringify({ status: 'ACTIVE', router_id: null }),
  'object-store': '{}',
  image: JSON.stringify({ name: 'debian-13', status: 'active', container_format: 'bare' }),
} as const;

const metadataCache = new WeakMap<Instance, Map<string, string>>();

/** An instance's metadata changes a few times in its life and is written hundreds of times. */
function instanceMetadata(instance: Instance, flavor: Flavor, state: string): string {
  const cache = metadataCache.get(instance) ?? new Map<string, string>();
  metadataCache.set(instance, cache);
  const key = `${flavor.name} ${state}`;
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const text = JSON.stringify({
    display_name: instance.name,
    host: instance.host,
    flavor: {
      id: flavor.name,
      name: flavor.name,
      vcpus: flavor.vcpus,
      ram: flavor.ramMib,
      disk: flavor.diskGib,
      ephemeral: 0,
      swap: 0,
    },
    status: state,
    state,
    vcpus: flavor.vcpus,
    memory_mb: flavor.ramMib,
    image: { id: 'debian-13', name: 'debian-13' },
    task_state: '',
  });
  cache.set(key, text);
  return text;
}
