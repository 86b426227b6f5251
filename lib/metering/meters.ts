/** How a meter counts: what is there, what has been counted in all, or what came since the last sample. */
export type MeterType = 'gauge' | 'cumulative' | 'delta';

/** What usage is counted in; rate cards, bills and demand speak of these. */
export type Measure = string;

/** One meter of OpenStack, and how its samples become quantities of a measure (DESIGN section 4). */
export interface Meter {
  /** The canonical name, the only one in the lake. */
  readonly name: string;
  /** Other names of the very same series. */
  readonly aliases: readonly string[];
  readonly type: MeterType;
  /** All spellings of the one unit it may come in. */
  readonly units: readonly string[];
  readonly measure: Measure;
  /**
   * How many of the meter's units make one unit of the quantity; for gauges, over an hour. 1,024
   * MiB held for an hour are one GiB-hour, 3.6e12 ns of CPU time one core-hour.
   */
  readonly unitsPerQuantity: bigint;
  /** What a unit of the quantity is called: `core-hour`, `GiB`. One for all meters of a measure. */
  readonly quantityUnit: string;
  /** Where the class of its usage comes from; null: it has none. */
  readonly classFrom: ClassSource | null;
  /** `status`: the volume tells a state, and above 0 means one. */
  readonly volumeIs: 'amount' | 'status';
  /** False: a shelved resource holds none of it. */
  readonly heldWhileShelved: boolean;
  /** What takes its place on a UTC day on which a resource has no sample of it; null: nothing does. */
  readonly standIn: StandIn | null;
  /**
   * Of a built-in meter the lake holds the canonical name and the class. What an operator configures
   * may come after the samples, so the lake has those as they were received, and metering reads names,
   * types, units and classes by the configuration that stands.
   */
  readonly origin: 'built-in' | 'configured';
}

/** A configured meter's class stands under a path of its samples' metadata, nested or flat. */
export type ClassSource = 'flavor' | 'volume_type' | { readonly path: readonly string[] };

/** Samples of `source` (a canonical name), with another volume. */
export interface StandIn {
  readonly source: string;
  /** The source's volume times the instance's size; or 1 while the source's volume is above 0. */
  readonly volume: 'times_vcpus' | 'times_memory_mib' | 'presence';
}

const MIB_PER_GIB = 1_024n;
const BYTES_PER_GIB = 1_073_741_824n;
const NS_PER_HOUR = 3_600_000_000_000n;

const DEFAULTS = {
  aliases: [],
  type: 'gauge',
  unitsPerQuantity: 1n,
  classFrom: null,
  volumeIs: 'amount',
  heldWhileShelved: true,
  standIn: null,
  origin: 'built-in',
} as const satisfies Partial<Meter>;

const OF_INSTANCE = { ...DEFAULTS, classFrom: 'flavor' } as const;
const GIB = ['GB', 'GiB'];
const MIB = ['MB', 'MiB'];

/** DESIGN section 4, a row per meter, each once. An operator's own are in `MeterTable` beside them. */
export const ALL_METERS: readonly Meter[] = [
  {
    ...OF_INSTANCE,
    name: 'vcpus',
    units: ['vcpu'],
    measure: 'cores',
    quantityUnit: 'core-hour',
    heldWhileShelved: false,
    standIn: { source: 'instance', volume: 'times_vcpus' },
  },
  {
    ...OF_INSTANCE,
    name: 'memory',
    units: MIB,
    measure: 'ram',
    quantityUnit: 'GiB-hour',
    unitsPerQuantity: MIB_PER_GIB,
    heldWhileShelved: false,
    standIn: { source: 'instance', volume: 'times_memory_mib' },
  },
  {
    ...OF_INSTANCE,
    name: 'instance',
    units: ['instance'],
    measure: 'instances',
    quantityUnit: 'instance-hour',
    heldWhileShelved: false,
    standIn: { source: 'vcpus', volume: 'presence' },
  },
  { ...OF_INSTANCE, name: 'disk.root.size', units: GIB, measure: 'disk', quantityUnit: 'GiB-hour' },
  {
    ...OF_INSTANCE,
    name: 'disk.ephemeral.size',
    units: GIB,
    measure: 'disk',
    quantityUnit: 'GiB-hour',
  },
  {
    ...DEFAULTS,
    name: 'volume.size',
    units: GIB,
    measure: 'volume',
    quantityUnit: 'GiB-hour',
    classFrom: 'volume_type',
  },
  {
    ...DEFAULTS,
    name: 'volume.snapshot.size',
    aliases: ['snapshot.size'],
    units: GIB,
    measure: 'snapshot',
    quantityUnit: 'GiB-hour',
  },
  {
    ...DEFAULTS,
    name: 'image.size',
    units: ['B'],
    measure: 'image',
    quantityUnit: 'GiB-hour',
    unitsPerQuantity: BYTES_PER_GIB,
  },
  {
    ...DEFAULTS,
    name: 'ip.floating',
    units: ['ip'],
    measure: 'floating_ip',
    quantityUnit: 'ip-hour',
    volumeIs: 'status',
  },
  {
    ...DEFAULTS,
    name: 'storage.objects.size',
    units: ['B'],
    measure: 'object_storage',
    quantityUnit: 'GiB-hour',
    unitsPerQuantity: BYTES_PER_GIB,
  },
  {
    ...DEFAULTS,
    name: 'radosgw.objects.size',
    units: ['B'],
    measure: 'object_storage',
    quantityUnit: 'GiB-hour',
    unitsPerQuantity: BYTES_PER_GIB,
  },
  {
    ...DEFAULTS,
    name: 'storage.objects.outgoing.bytes',
    type: 'delta',
    units: ['B'],
    measure: 'object_egress',
    quantityUnit: 'GiB',
    unitsPerQuantity: BYTES_PER_GIB,
  },
  {
    ...DEFAULTS,
    name: 'network.outgoing.bytes',
    type: 'cumulative',
    units: ['B'],
    measure: 'egress',
    quantityUnit: 'GiB',
    unitsPerQuantity: BYTES_PER_GIB,
  },
  {
    ...DEFAULTS,
    name: 'network.incoming.bytes',
    type: 'cumulative',
    units: ['B'],
    measure: 'ingress',
    quantityUnit: 'GiB',
    unitsPerQuantity: BYTES_PER_GIB,
  },
  {
    ...OF_INSTANCE,
    name: 'cpu',
    type: 'cumulative',
    units: ['ns'],
    measure: 'cpu_time',
    quantityUnit: 'core-hour',
    unitsPerQuantity: NS_PER_HOUR,
  },
  {
    ...OF_INSTANCE,
    name: 'memory.usage',
    units: MIB,
    measure: 'ram_used',
    quantityUnit: 'GiB-hour',
    unitsPerQuantity: MIB_PER_GIB,
  },
];
