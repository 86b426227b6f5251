import { parseAllocationRatio } from '../../capacity/allocation-ratio.ts';
import { toText } from '../../decimal/decimal.ts';
import { compareText, type Region } from '../../identifiers.ts';
import { formatInstant, type InstantUs, SECOND_US } from '../../period/instant.ts';
import type { CapacitySnapshot, HostCapacity, HostInventory } from '../../ports/capacity-store.ts';
import { RowRefused } from '../refusal.ts';
import { labelOf, numberOf, type TimedSeries } from './exporter-series.ts';

type Amount = 'total' | 'reserved' | 'allocationRatio' | 'used';

interface Told {
  readonly source: 'placement' | 'nova';
  readonly amount: Amount;
  /** Null: the label `resourcetype` says it. */
  readonly resourceClass: string | null;
  /** How many units of the series make one of the class: bytes in a MiB or GiB. */
  readonly perUnit: number;
}

const MIB = 1_048_576;
const GIB = 1_073_741_824;

function placement(amount: Amount): Told {
  return { source: 'placement', amount, resourceClass: null, perUnit: 1 };
}

function nova(amount: Amount, resourceClass: string, perUnit = 1): Told {
  return { source: 'nova', amount, resourceClass, perUnit };
}

/** exporters/placement.go and nova.go. What nova calls available is the total, not what is free of it. */
const CAPACITY: ReadonlyMap<string, Told> = new Map([
  ['openstack_placement_resource_total', placement('total')],
  ['openstack_placement_resource_reserved', placement('reserved')],
  ['openstack_placement_resource_allocation_ratio', placement('allocationRatio')],
  ['openstack_placement_resource_usage', placement('used')],
  ['openstack_nova_vcpus_available', nova('total', 'VCPU')],
  ['openstack_nova_vcpus_used', nova('used', 'VCPU')],
  ['openstack_nova_memory_available_bytes', nova('total', 'MEMORY_MB', MIB)],
  ['openstack_nova_memory_used_bytes', nova('used', 'MEMORY_MB', MIB)],
  ['openstack_nova_local_storage_available_bytes', nova('total', 'DISK_GB', GIB)],
  ['openstack_nova_local_storage_used_bytes', nova('used', 'DISK_GB', GIB)],
]);

/** Prometheus holds a series for dead after so long without a sample; so a host is gone then. */
const LOOKBACK_US = 300 * SECOND_US;

interface Observed {
  readonly time: InstantUs;
  readonly value: string;
}

type Amounts = Map<Amount, Observed>;
/** By host, then by class. */
type Hosts = Map<string, Map<string, Amounts>>;

/** Hosts of an exposition: of each source one snapshot, as of its newest scrape. */
export class ExposedCapacity {
  readonly #sources = new Map<string, { newest: InstantUs; readonly hosts: Hosts }>();
  /** Hosts that are told without the total of anything. */
  hostsWithoutTotal = 0;
  /** Hosts that are told of, once for each source. */
  hostCount = 0;

  /** @returns whether it tells of capacity. @throws RowRefused where it does not say of what, or how much */
  add(series: TimedSeries): boolean {
    const told = CAPACITY.get(series.name);
    if (!told) return false;
    const host = labelOf(series, 'hostname');
    const resourceClass = told.resourceClass ?? labelOf(series, 'resourcetype');
    if (host === '' || resourceClass === '') {
      throw new RowRefused(
        'host_missing',
        `The series of ${series.name} has no ${host === '' ? 'hostname' : 'resourcetype'}: it cannot be told what it is of.`,
      );
    }
    const value = amountOf(series, told);
    const source = this.#sources.get(told.source) ?? { newest: series.time, hosts: new Map() };
    this.#sources.set(told.source, source);
    source.newest = Math.max(source.newest, series.time);
    if (!source.hosts.has(host)) this.hostCount += 1;
    const classes = child(source.hosts, host, () => new Map<string, Amounts>());
    const amounts = child(classes, resourceClass, () => new Map<Amount, Observed>());
    const present = amounts.get(told.amount);
    if (!present || isLater({ time: series.time, value }, present)) {
      amounts.set(told.amount, { time: series.time, value });
    }
    return true;
  }

  snapshots(region: Region): CapacitySnapshot[] {
    const all = [...this.#sources].map(([source, { newest, hosts }]) => ({
      region,
      source,
      observedAt: formatInstant(newest),
      hosts: this.#hostsOf(hosts, newest - LOOKBACK_US),
    }));
    return all.filter(({ hosts }) => hosts.length > 0);
  }

  #hostsOf(hosts: Hosts, since: InstantUs): HostCapacity[] {
    const list: HostCapacity[] = [];
    for (const [host, classes] of hosts) {
      const present = [...classes].filter(([, amounts]) =>
        [...amounts.values()].some(({ time }) => time >= since),
      );
      const inventories = present.flatMap(([name, amounts]) => {
        const inventory = inventoryOf(amounts);
        return inventory ? [[name, inventory] as const] : [];
      });
      if (inventories.length > 0) list.push({ host, inventories: Object.fromEntries(inventories) });
      else if (present.length > 0) this.hostsWithoutTotal += 1;
    }
    return list.toSorted((a, b) => compareText(a.host, b.host));
  }
}

/** Of two at one instant the greater text, so that their order does not count. */
function isLater(a: Observed, b: Observed): boolean {
  return a.time === b.time ? a.value > b.value : a.time > b.time;
}

function child<K, V>(parent: Map<K, V>, key: K, make: () => V): V {
  const value = parent.get(key) ?? make();
  parent.set(key, value);
  return value;
}

/** @throws RowRefused where it is no amount from 0 */
function amountOf(series: TimedSeries, { amount, perUnit }: Told): string {
  const value = numberOf(series);
  const isRatio = amount === 'allocationRatio';
  const number = Number(value);
  if (!Number.isFinite(number) || number < 0 || (isRatio && number === 0)) {
    throw new RowRefused(
      'amount_out_of_range',
      `The value ${value} of ${series.name} is no amount that a host can have.`,
    );
  }
  return isRatio ? toText(parseAllocationRatio(value)) : String(Math.floor(number / perUnit));
}

/** Null without a total: nobody knows then what the rest is of. */
function inventoryOf(amounts: ReadonlyMap<Amount, Observed>): HostInventory | null {
  const total = amounts.get('total');
  if (!total) return null;
  const used = amounts.get('used');
  return {
    total: Number(total.value),
    reserved: Number(amounts.get('reserved')?.value ?? 0),
    allocationRatio: amounts.get('allocationRatio')?.value ?? '1',
    used: used ? Number(used.value) : null,
  };
}
