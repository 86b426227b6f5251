import { isJsonObject, type JsonObject } from './json-object.ts';
import {
  endOf,
  type NovaEvent,
  optionalInstant,
  optionalText,
  withoutEmpty,
} from './nova-event.ts';

/** Null where the notification is of no instance. */
export function legacyAction(eventType: string): string | null {
  return /^compute\.instance\.(.+)$/.exec(eventType)?.[1] ?? null;
}

/**
 * A legacy notification, `compute.instance.*`: the instance stands flat in its payload
 * (nova/notifications/base.py, info_from_instance).
 * @throws RowRefused
 */
export function legacyEvent(
  action: string,
  notification: JsonObject,
  payload: JsonObject,
): NovaEvent {
  const start = optionalInstant(payload['audit_period_beginning'], 'audit_period_beginning');
  const end = optionalInstant(payload['audit_period_ending'], 'audit_period_ending');
  return {
    action,
    sentAt: optionalInstant(notification['timestamp'], 'timestamp'),
    instance: {
      id: optionalText(payload['instance_id']),
      project: optionalText(payload['tenant_id']),
      user: optionalText(payload['user_id']),
      state: optionalText(payload['state']),
      launchedAt: optionalInstant(payload['launched_at'], 'launched_at'),
      endedAt: endOf(payload),
      sizes: {
        vcpus: payload['vcpus'],
        memoryMib: payload['memory_mb'],
        rootGib: payload['root_gb'],
        ephemeralGib: payload['ephemeral_gb'],
      },
      metadata: metadataOf(payload),
    },
    auditPeriod: start === null || end === null ? null : { start, end },
  };
}

function metadataOf(payload: JsonObject): JsonObject {
  return withoutEmpty({
    availability_zone: payload['availability_zone'],
    display_name: payload['display_name'],
    flavor: withoutEmpty({
      id: payload['instance_flavor_id'],
      name: payload['instance_type'],
      vcpus: payload['vcpus'],
      ram: payload['memory_mb'],
      disk: payload['root_gb'],
      ephemeral: payload['ephemeral_gb'],
    }),
    host: payload['host'],
    image_ref: payload['image_ref_url'],
    launched_at: payload['launched_at'],
    node: payload['node'],
    os_type: payload['os_type'],
    user_metadata: isJsonObject(payload['metadata']) ? payload['metadata'] : null,
  });
}
