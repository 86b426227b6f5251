/** A sample as Ceilometer's publishers write it; `changes` replace or add members, undefined removes one. */
export function publisherRow(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    name: 'vcpus',
    type: 'gauge',
    unit: 'vcpu',
    volume: 2,
    user_id: 'u',
    project_id: 'p1',
    resource_id: 'r1',
    timestamp: '2026-10-05T10:00:00',
    resource_metadata: {},
    source: 'openstack',
    id: 'a',
    monotonic_time: null,
    ...changes,
  });
}

/** The same sample in the keys of the messaging publishers. */
export function messagingRow(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    source: 'openstack',
    counter_name: 'vcpus',
    counter_type: 'gauge',
    counter_unit: 'vcpu',
    counter_volume: 2,
    user_id: 'u',
    project_id: 'p1',
    resource_id: 'r1',
    timestamp: '2026-10-05T10:00:00+00:00',
    resource_metadata: {},
    message_id: 'b',
    monotonic_time: 12.5,
    message_signature: 'ff',
    ...changes,
  });
}

/** The same sample in the keys of GET /v2/samples. */
export function apiRow(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    id: 'c',
    meter: 'vcpus',
    type: 'gauge',
    unit: 'vcpu',
    volume: 2,
    user_id: 'u',
    project_id: 'p1',
    resource_id: 'r1',
    source: 'openstack',
    timestamp: '2026-10-05T10:00:00.000000',
    recorded_at: '2026-10-05T10:00:03',
    metadata: {},
    ...changes,
  });
}
