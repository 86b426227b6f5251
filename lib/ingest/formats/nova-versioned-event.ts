import { isJsonObject, type JsonObject } from './json-object.ts';
import {
  endOf,
  type NovaEvent,
  optionalInstant,
  optionalText,
  withoutEmpty,
} from './nova-event.ts';

const DATA = 'nova_object.data';
const NAME = 'nova_object.name';

/** Null where the notification is of no instance. */
export function versionedAction(eventType: string): string | null {
  return /^instance\.(.+)$/.exec(eventType)?.[1] ?? null;
}

/** What the name of a payload tells that came without its notification; null when it is of no instance. */
export function actionOfPayload(payload: JsonObject): string | null {
  const name = String(payload[NAME] ?? '');
  if (name === 'InstanceExistsPayload') return 'exists';
  return /^Instance\w*Payload$/.test(name) ? 'update' : null;
}

export function isVersioned(payload: JsonObject): boolean {
  return isJsonObject(payload[DATA]);
}

/**
 * A versioned notification, `instance.*`: objects of Nova in one another, each with its data under
 * `nova_object.data` (nova/notifications/objects/instance.py).
 * @throws RowRefused
 */
export function versionedEvent(
  action: string,
  notification: JsonObject,
  payload: JsonObject,
): NovaEvent {
  const data = dataOf(payload);
  const flavor = dataOf(data['flavor']);
  const audit = dataOf(data['audit_period']);
  const start = optionalInstant(audit['audit_period_beginning'], 'audit_period_beginning');
  const end = optionalInstant(audit['audit_period_ending'], 'audit_period_ending');
  return {
    action,
    sentAt:
      optionalInstant(notification['timestamp'], 'timestamp') ??
      optionalInstant(data['updated_at'], 'updated_at'),
    instance: {
      id: optionalText(data['uuid']),
      project: optionalText(data['tenant_id']),
      user: optionalText(data['user_id']),
      state: optionalText(data['state']),
      launchedAt: optionalInstant(data['launched_at'], 'launched_at'),
      endedAt: endOf(data),
      sizes: {
        vcpus: flavor['vcpus'],
        memoryMib: flavor['memory_mb'],
        rootGib: flavor['root_gb'],
        ephemeralGib: flavor['ephemeral_gb'],
      },
      metadata: metadataOf(data, flavor),
    },
    auditPeriod: start === null || end === null ? null : { start, end },
  };
}

function dataOf(object: unknown): JsonObject {
  const data = isJsonObject(object) ? object[DATA] : null;
  return isJsonObject(data) ? data : {};
}

function metadataOf(data: JsonObject, flavor: JsonObject): JsonObject {
  return withoutEmpty({
    availability_zone: data['availability_zone'],
    display_name: data['display_name'],
    flavor: withoutEmpty({
      id: flavor['flavorid'],
      name: flavor['name'],
      vcpus: flavor['vcpus'],
      ram: flavor['memory_mb'],
      disk: flavor['root_gb'],
      ephemeral: flavor['ephemeral_gb'],
      swap: flavor['swap'],
      extra_specs: flavor['extra_specs'],
    }),
    host: data['host'],
    image_ref: data['image_uuid'],
    launched_at: data['launched_at'],
    node: data['node'],
    os_type: data['os_type'],
    user_metadata: isJsonObject(data['metadata']) ? data['metadata'] : null,
  });
}
