export type Changes = Readonly<Record<string, unknown>>;

/** As info_from_instance of Nova makes it (nova/notifications/base.py). */
export function legacy(action: string, payload: Changes = {}, envelope: Changes = {}): string {
  return JSON.stringify({
    priority: 'INFO',
    event_type: `compute.instance.${action}`,
    timestamp: '2026-10-05 10:03:00.500000',
    publisher_id: 'compute.host-1',
    message_id: `m-${action}`,
    payload: {
      tenant_id: 'p1',
      user_id: 'u1',
      instance_id: 'r1',
      display_name: 'web',
      instance_type: 'm1.large',
      instance_flavor_id: '4',
      vcpus: 4,
      memory_mb: 8_192,
      root_gb: 80,
      ephemeral_gb: 0,
      state: 'active',
      created_at: '2026-10-05 09:59:00+00:00',
      launched_at: '2026-10-05T10:02:30.000000',
      terminated_at: '',
      deleted_at: '',
      metadata: {},
      ...payload,
    },
    ...envelope,
  });
}

/** As set_vm_state_and_notify of Nova makes it (nova/scheduler/utils.py): legacy, then versioned (ComputeTaskPayload). */
export function legacyRefusal(change: Changes = {}, envelope: Changes = {}): string {
  return JSON.stringify({
    priority: 'ERROR',
    event_type: 'compute_task.build_instances',
    timestamp: '2026-10-05 10:03:00.500000',
    publisher_id: 'compute_task.conductor-1',
    message_id: 'm-refused',
    payload: {
      request_spec: {
        image: {},
        instance_properties: { uuid: 'r1', project_id: 'p1' },
        instance_type: { name: 'm1.large', flavorid: '4', vcpus: 4, memory_mb: 8_192 },
        num_instances: 1,
      },
      instance_properties: { uuid: 'r1', project_id: 'p1' },
      instance_id: 'r1',
      state: 'error',
      method: 'build_instances',
      reason: 'No valid host was found. There are not enough hosts available.',
      ...change,
    },
    ...envelope,
  });
}

export function versionedRefusal(exception = 'NoValidHost', envelope: Changes = {}): string {
  const object = (name: string, own: Changes) => ({
    'nova_object.name': name,
    'nova_object.namespace': 'nova',
    'nova_object.version': '1.0',
    'nova_object.data': own,
  });
  const flavor = object('FlavorPayload', { flavorid: '4', vcpus: 4, memory_mb: 8_192 });
  return JSON.stringify({
    event_type: 'compute_task.build_instances.error',
    publisher_id: 'nova-conductor:conductor-1',
    priority: 'ERROR',
    timestamp: '2026-10-05 10:03:00.600000',
    message_id: 'm-refused-2',
    payload: object('ComputeTaskPayload', {
      instance_uuid: 'r1',
      state: 'error',
      reason: object('ExceptionPayload', { exception, exception_message: 'as it was said' }),
      request_spec: object('RequestSpecPayload', { flavor, instance_uuid: 'r1', num_instances: 1 }),
    }),
    ...envelope,
  });
}

/** As nova/notifications/objects/instance.py makes it. */
export function versioned(action: string, data: Changes = {}, envelope: Changes = {}): string {
  const object = (name: string, own: Changes) => ({
    'nova_object.name': name,
    'nova_object.namespace': 'nova',
    'nova_object.version': '1.0',
    'nova_object.data': own,
  });
  const flavor = {
    flavorid: '4',
    name: 'm1.large',
    vcpus: 4,
    memory_mb: 8_192,
    root_gb: 80,
    ephemeral_gb: 0,
    swap: 0,
    extra_specs: { 'resources:VGPU': '1' },
  };
  const { audit_period: audit, flavor: own, ...rest } = data;
  return JSON.stringify({
    event_type: `instance.${action}`,
    publisher_id: 'nova-compute:host-1',
    priority: 'INFO',
    timestamp: '2026-10-05 10:03:00.500000',
    message_id: `m-${action}`,
    payload: object('InstanceActionPayload', {
      uuid: 'r1',
      tenant_id: 'p1',
      user_id: 'u1',
      state: 'active',
      launched_at: '2026-10-05T10:02:30Z',
      terminated_at: null,
      deleted_at: null,
      updated_at: '2026-10-05T10:02:59Z',
      flavor: object('FlavorPayload', { ...flavor, ...(own as Changes | undefined) }),
      ...(audit === undefined
        ? {}
        : { audit_period: object('AuditPeriodPayload', audit as Changes) }),
      ...rest,
    }),
    ...envelope,
  });
}
