import { type HoldRule, holdRules } from '../../../lib/metering/hold-rules.ts';
import { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { dayOf } from '../../../lib/period/calendar.ts';
import type { LakeSample } from '../../adapters/duckdb/lake-sample.ts';
import type { UsageRow } from '../../adapters/duckdb/metered-days.ts';
import { compareBytes, countingSamples, type Reading } from './reference-identity.ts';

/**
 * DESIGN section 4 once more, the shortest way: all samples at once, no days, no SQL, big integers.
 * Knows nothing of how the engine does it, so that the two can be held against each other.
 */
export function referenceUsage(
  samples: readonly LakeSample[],
  metering: RegionSettings['metering'] = [],
): UsageRow[] {
  const settings = RegionSettings.parse({ region: 'west', metering });
  const series = [
    ...Map.groupBy(
      countingSamples(samples.filter(({ meter }) => meter in TABLE)),
      seriesOf,
    ).values(),
  ];
  const sums = new Map<string, Fraction>();
  const ruleOf = (meter: string, time: number) => ruleAt(settings, meter, time);
  const isFree = (reading: Reading, measure: string) => isNotBilled(metering, reading, measure);
  for (const own of mergedSeries(series)) {
    const [, type] = tableRow(own[0]?.meter);
    if (type === 'gauge') addGauge(sums, own, ruleOf, isFree);
    else if (type === 'cumulative') addCumulative(sums, own);
    else addDelta(sums, own);
  }
  return [...sums]
    .map(([key, sum]) => ({ ...JSON.parse(key), quantity: rounded(sum) }) as UsageRow)
    .filter(({ quantity }) => quantity !== '0')
    .toSorted(byKeys);
}

const HOUR = 3_600_000_000;
const GIB = 1n << 30n;
const E18 = 10n ** 18n;
const E36 = 10n ** 36n;

/** measure, type, meter units that make one unit of the quantity */
const TABLE: Readonly<Record<string, readonly [string, 'gauge' | 'cumulative' | 'delta', bigint]>> =
  {
    vcpus: ['cores', 'gauge', 1n],
    memory: ['ram', 'gauge', 1024n],
    instance: ['instances', 'gauge', 1n],
    'disk.root.size': ['disk', 'gauge', 1n],
    'disk.ephemeral.size': ['disk', 'gauge', 1n],
    'volume.size': ['volume', 'gauge', 1n],
    'volume.snapshot.size': ['snapshot', 'gauge', 1n],
    'image.size': ['image', 'gauge', GIB],
    'ip.floating': ['floating_ip', 'gauge', 1n],
    'storage.objects.size': ['object_storage', 'gauge', GIB],
    'radosgw.objects.size': ['object_storage', 'gauge', GIB],
    'storage.objects.outgoing.bytes': ['object_egress', 'delta', GIB],
    'network.outgoing.bytes': ['egress', 'cumulative', GIB],
    'network.incoming.bytes': ['ingress', 'cumulative', GIB],
    cpu: ['cpu_time', 'cumulative', 3_600_000_000_000n],
    'memory.usage': ['ram_used', 'gauge', 1024n],
  };

function tableRow(meter = '') {
  const row = TABLE[meter];
  if (!row) throw new Error(`no meter ${meter}`);
  return row;
}

function seriesOf(reading: Pick<Reading, 'resource' | 'meter'>): string {
  return JSON.stringify([reading.resource, reading.meter]);
}

/** Own and stand-in readings of each series, in the order of time. */
function mergedSeries(series: readonly Reading[][]): Reading[][] {
  const merged = Map.groupBy([...series.flat(), ...standIns(series)], seriesOf);
  return [...merged.values()].map((rows) => rows.toSorted((a, b) => a.time - b.time));
}

function standIns(series: readonly Reading[][]): Reading[] {
  const all = series.flat();
  const days = new Set(all.map((r) => `${seriesOf(r)} ${dayOf(r.time)}`));
  const times = (r: Reading, size: bigint | null) =>
    size === null || (r.volume / E36) * (size / E18) >= 10n ** 20n ? null : (r.volume / E18) * size;
  const derive = (source: string, meter: string, volumeOf: (r: Reading) => bigint | null) =>
    all
      .filter((r) => r.meter === source)
      .filter((r) => !days.has(`${seriesOf({ resource: r.resource, meter })} ${dayOf(r.time)}`))
      .flatMap((r) => {
        const volume = volumeOf(r);
        return volume === null ? [] : [{ ...r, meter, volume }];
      });
  return [
    ...derive('instance', 'vcpus', (r) => times(r, r.sizeVcpus)),
    ...derive('instance', 'memory', (r) => times(r, r.sizeMemoryMib)),
    ...derive('vcpus', 'instance', (r) => (r.volume > 0n ? E36 : 0n)),
  ];
}

function ruleAt(settings: RegionSettings, meter: string, time: number): HoldRule {
  const rule = holdRules(settings, dayOf(time)).find(
    (candidate) => candidate.meter === meter && candidate.from <= time && time < candidate.to,
  );
  if (!rule) throw new Error(`no rule for ${meter}`);
  return rule;
}

/** By the entry that took effect last before the reading. */
function isNotBilled(
  metering: RegionSettings['metering'],
  { time, state }: Reading,
  measure: string,
): boolean {
  const startOf = ({ from }: { readonly from: string }) => Date.parse(from) * 1_000;
  const [entry] = metering
    .filter((candidate) => startOf(candidate) <= time)
    .toSorted((a, b) => startOf(b) - startOf(a));
  return entry?.notBilled?.[state.toLowerCase()]?.includes(measure) ?? false;
}

function addGauge(
  sums: Map<string, Fraction>,
  readings: readonly Reading[],
  ruleOf: (meter: string, time: number) => HoldRule,
  isFree: (reading: Reading, measure: string) => boolean,
): void {
  for (const [index, reading] of readings.entries()) {
    const [measure, , perUnit] = tableRow(reading.meter);
    const next = readings[index + 1]?.time ?? Number.POSITIVE_INFINITY;
    const { intervalUs, gapToleranceUs } = ruleOf(reading.meter, reading.time);
    const { heldUntil } = reading;
    const isBridged = next - (heldUntil ?? reading.time) <= gapToleranceUs;
    const until = isBridged ? next : Math.min(heldUntil ?? reading.time + intervalUs, next);
    const isSuspended = reading.shelved && ['cores', 'ram', 'instances'].includes(measure);
    if (reading.deleted || isSuspended || isFree(reading, measure)) continue;
    const isStatus = reading.meter === 'ip.floating';
    const volume = isStatus ? (reading.volume > 0n ? E36 : 0n) : reading.volume;
    for (const [hour, from, to] of hoursBetween(reading.time, until)) {
      const held = volume * BigInt(to - from);
      add(sums, reading, { measure, hour }, [held, E36 * BigInt(HOUR) * perUnit]);
    }
  }
}

function addCumulative(sums: Map<string, Fraction>, readings: readonly Reading[]): void {
  for (const [index, reading] of readings.entries()) {
    const before = readings[index - 1];
    if (!before || reading.time - before.time > 24 * HOUR) continue;
    const [measure, , perUnit] = tableRow(reading.meter);
    const isReset = reading.volume < before.volume;
    const difference = isReset ? reading.volume : reading.volume - before.volume;
    const scale = difference % E36 === 0n ? 1n : 10n ** 9n;
    const total = BigInt(reading.time - before.time);
    const partUpTo = (time: number) =>
      (difference * scale * BigInt(time - before.time)) / (E36 * total);
    for (const [hour, from, to] of hoursBetween(before.time, reading.time)) {
      add(sums, reading, { measure, hour }, [partUpTo(to) - partUpTo(from), scale * perUnit]);
    }
  }
}

function addDelta(sums: Map<string, Fraction>, readings: readonly Reading[]): void {
  for (const reading of readings) {
    const [measure, , perUnit] = tableRow(reading.meter);
    const hour = Math.floor(reading.time / HOUR);
    add(sums, reading, { measure, hour }, [reading.volume, E36 * perUnit]);
  }
}

function hoursBetween(from: number, to: number): [number, number, number][] {
  const hours: [number, number, number][] = [];
  for (let hour = Math.floor(from / HOUR); hour * HOUR < to; hour += 1) {
    hours.push([hour, Math.max(from, hour * HOUR), Math.min(to, (hour + 1) * HOUR)]);
  }
  return hours;
}

type Fraction = readonly [numerator: bigint, denominator: bigint];

function add(
  sums: Map<string, Fraction>,
  reading: Reading,
  { measure, hour }: { readonly measure: string; readonly hour: number },
  [n, d]: Fraction,
): void {
  const { project, resource, class: flavor } = reading;
  const time = new Date((hour * HOUR) / 1_000).toISOString().replace('.000', '');
  const key = JSON.stringify({ project, resource, measure, class: flavor, hour: time });
  const [sum, over] = sums.get(key) ?? [0n, 1n];
  sums.set(key, over === d ? [sum + n, d] : [sum * d + n * over, over * d]);
}

/** Half-even at the twelfth decimal, without trailing zeros. */
function rounded([n, d]: Fraction): string {
  const floor = (n * 10n ** 12n) / d;
  const twiceRest = 2n * (n * 10n ** 12n - floor * d);
  const isUp = twiceRest > d || (twiceRest === d && floor % 2n === 1n);
  const digits = (isUp ? floor + 1n : floor).toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
}

function byKeys(a: UsageRow, b: UsageRow): number {
  for (const key of ['resource', 'project', 'measure', 'class', 'hour'] as const) {
    const order = compareBytes(a[key], b[key]);
    if (order !== 0) return order;
  }
  return 0;
}
