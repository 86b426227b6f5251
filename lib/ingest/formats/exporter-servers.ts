import type { InstantUs } from '../../period/instant.ts';
import type { Reading } from '../derived-sample.ts';
import { RowRefused } from '../refusal.ts';
import { labelOf, metadataOf, numberOf, type TimedSeries } from './exporter-series.ts';
import type { JsonObject } from './json-object.ts';

interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly vcpus: string;
  /** MiB. */
  readonly ram: string;
  /** GiB of the root disk; 0 where it boots from a volume. */
  readonly disk: string;
}

const COUNT = /^\d{1,15}$/;

/**
 * Servers of an exposition with their sizes, which stand in other series of it: `flavor` by the id
 * that `server_status` names, `server_local_gb` by the server's own (exporters/nova.go).
 */
export class ExposedServers {
  readonly #flavors = new Map<string, Map<InstantUs, Flavor>>();
  readonly #localGb = new Map<string, Map<InstantUs, string>>();
  /** Ids of flavors that servers name and the exposition does not tell. */
  readonly unknownFlavors = new Set<string>();
  readonly #servers = new Set<string>();

  /** @returns whether it tells of the sizes of servers. @throws RowRefused */
  add(series: TimedSeries): boolean {
    if (series.name === 'openstack_nova_flavor') this.#addFlavor(series);
    else if (series.name === 'openstack_nova_server_local_gb') {
      keep(this.#localGb, labelOf(series, 'id'), series.time, numberOf(series));
    } else return false;
    return true;
  }

  /** @throws RowRefused where it lacks its id, name or sizes */
  #addFlavor(series: TimedSeries): void {
    const flavor = {
      id: labelOf(series, 'id'),
      name: labelOf(series, 'name'),
      vcpus: labelOf(series, 'vcpus'),
      ram: labelOf(series, 'ram'),
      disk: labelOf(series, 'disk'),
    };
    const isWhole = [flavor.vcpus, flavor.ram, flavor.disk].every((size) => COUNT.test(size));
    if (flavor.id === '' || flavor.name === '' || !isWhole) {
      throw new RowRefused(
        'flavor_without_sizes',
        'The series of a flavor lacks its id, name, vcpus, ram or disk: openstack-exporter writes all five as labels.',
      );
    }
    keep(this.#flavors, flavor.id, series.time, flavor);
  }

  /** What a `server_status` tells, once all series are added. The first stands for the row. */
  readingsOf(series: TimedSeries): Reading[] {
    const resource = labelOf(series, 'uuid', 'id');
    this.#servers.add(resource);
    const flavorId = labelOf(series, 'flavor_id');
    const flavor = nearest(this.#flavors.get(flavorId), series.time);
    if (!flavor) this.unknownFlavors.add(flavorId);
    const reading = (meter: string, unit: string, volume: string): Reading => ({
      meter,
      unit,
      volume,
      project: labelOf(series, 'tenant_id', 'project_id'),
      user: labelOf(series, 'user_id'),
      resource,
      time: series.time,
      heldUntil: null,
      metadata: metadata(series, flavor),
    });
    const instance = reading('instance', 'instance', '1');
    if (!flavor) return [instance];
    const localGb = nearest(this.#localGb.get(resource), series.time) ?? flavor.disk;
    return [
      instance,
      reading('vcpus', 'vcpu', flavor.vcpus),
      reading('memory', 'MiB', flavor.ram),
      reading('disk.root.size', 'GiB', localGb),
    ];
  }

  /**
   * Disks of servers that no `server_status` names. They come from Nova's tenant usage, which tells of
   * deleted servers too: they prove nothing. Ask it after all readings.
   */
  localGbOfNobody(): number {
    return [...this.#localGb]
      .filter(([id]) => !this.#servers.has(id))
      .reduce((count, [, byTime]) => count + byTime.size, 0);
  }
}

function metadata(series: TimedSeries, flavor: Flavor | null): JsonObject {
  const { flavor_id: id, ...others } = metadataOf(series);
  if (!flavor) return { ...others, flavor: { id } };
  const { vcpus, ram, disk } = flavor;
  return {
    ...others,
    flavor: { ...flavor, vcpus: Number(vcpus), ram: Number(ram), disk: Number(disk) },
  };
}

/** Of two at one instant the greater, so that their order does not count. */
function keep<T>(all: Map<string, Map<InstantUs, T>>, id: string, time: InstantUs, value: T): void {
  const byTime = all.get(id) ?? new Map<InstantUs, T>();
  all.set(id, byTime);
  const present = byTime.get(time);
  if (present === undefined || JSON.stringify(value) > JSON.stringify(present)) {
    byTime.set(time, value);
  }
}

/** What was told at this instant, else last before it, else first. */
function nearest<T>(byTime: ReadonlyMap<InstantUs, T> | undefined, time: InstantUs): T | null {
  if (!byTime) return null;
  const exact = byTime.get(time);
  if (exact !== undefined) return exact;
  const times = [...byTime.keys()].toSorted((a, b) => a - b);
  const at = times.findLast((one) => one < time) ?? times[0];
  return at === undefined ? null : (byTime.get(at) ?? null);
}
