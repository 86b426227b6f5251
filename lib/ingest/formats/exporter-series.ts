import type { InstantUs } from '../../period/instant.ts';
import type { Reading } from '../derived-sample.ts';
import type { ExposedSeries } from '../exposition.ts';
import { RowRefused } from '../refusal.ts';
import type { JsonObject } from './json-object.ts';

/** A series of openstack-exporter, at the time that its line or its scrape says. */
export interface TimedSeries extends ExposedSeries {
  readonly time: InstantUs;
}

/** Empty text where the series has no such label. */
export function labelOf(series: ExposedSeries, ...names: readonly string[]): string {
  for (const name of names) {
    const value = series.labels.get(name);
    if (value !== undefined && value !== '') return value;
  }
  return '';
}

/** @throws RowRefused `not_finite` */
export function numberOf({ name, value }: ExposedSeries): string {
  if (value !== null) return value;
  throw new RowRefused(
    'not_finite',
    `The value of ${name} is NaN or infinite: the exporter could not read it. Look at its log.`,
  );
}

/** Series whose value is a volume of one resource that a project holds (exporters/{cinder,glance,neutron,manila}.go). */
const MEASURED: ReadonlyMap<string, { readonly meter: string; readonly unit: string }> = new Map([
  ['openstack_cinder_volume_gb', { meter: 'volume.size', unit: 'GiB' }],
  ['openstack_glance_image_bytes', { meter: 'image.size', unit: 'B' }],
  ['openstack_neutron_floating_ip', { meter: 'ip.floating', unit: 'ip' }],
  ['openstack_sharev2_share_gb', { meter: 'manila.share.size', unit: 'GiB' }],
]);

/** The reading that the series is; null for one that tells of no single resource. */
export function readingOf(series: TimedSeries): Reading | null {
  const measured = MEASURED.get(series.name);
  if (!measured) return null;
  return {
    ...measured,
    type: 'gauge',
    project: labelOf(series, 'project_id', 'tenant_id'),
    user: labelOf(series, 'user_id'),
    resource: labelOf(series, 'id', 'uuid'),
    volume: numberOf(series),
    time: series.time,
    heldUntil: null,
    metadata: metadataOf(series),
  };
}

const IDS = new Set(['project_id', 'tenant_id', 'user_id', 'id', 'uuid']);

/** The other labels, the name as Ceilometer calls it. */
export function metadataOf({ labels }: ExposedSeries): JsonObject {
  const others = [...labels].filter(([name, value]) => !IDS.has(name) && value !== '');
  return Object.fromEntries(
    others.map(([name, value]) => [name === 'name' ? 'display_name' : name, value]),
  );
}
