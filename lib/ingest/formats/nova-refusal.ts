import type { RefusedRequest } from '../refused-requests.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { optionalInstant, optionalText } from './nova-event.ts';

const DATA = 'nova_object.data';
const MIB_PER_GIB = 1_024;

/** Of the conductor, once no host was found; of a compute service, where it passes that on. */
const EVENTS = new Set([
  'compute_task.build_instances',
  'compute_task.build_instances.error',
  'compute.instance.create.error',
  'instance.create.error',
]);
/** What NoValidHost says (nova/exception.py); legacy notifications have its text alone. */
const NO_VALID_HOST = /NoValidHost|No valid host was found/i;

/**
 * A request that Nova refused since no host took it: the error of build_instances, legacy
 * (nova/scheduler/utils.py, set_vm_state_and_notify) or versioned (ComputeTaskPayload), one for each
 * instance. Null for all else: builds that failed on their hosts, migrations, other errors.
 */
export function refusedRequest(notification: JsonObject): RefusedRequest | null {
  const { event_type: eventType, payload } = notification;
  if (typeof eventType !== 'string' || !EVENTS.has(eventType) || !isJsonObject(payload))
    return null;
  const told = dataOf(payload) ?? payload;
  if (!isNoValidHost(told)) return null;
  const at = optionalInstant(notification['timestamp'], 'timestamp');
  const id = [told['instance_uuid'], told['instance_id'], told['uuid']]
    .map(optionalText)
    .find((text) => text !== '');
  if (at === null || id === undefined) return null;
  const size = sizeOf(told);
  const ramMib = countOf(size['memory_mb']);
  return {
    id,
    at,
    cores: countOf(size['vcpus']),
    ramGib: ramMib === null ? null : ramMib / MIB_PER_GIB,
  };
}

function isNoValidHost(told: JsonObject): boolean {
  const { reason, fault, message, exception } = told;
  return [reason, fault, message, exception].some((one) => {
    if (typeof one === 'string') return NO_VALID_HOST.test(one);
    const own = dataOf(one);
    return own !== null && NO_VALID_HOST.test(`${own['exception']} ${own['exception_message']}`);
  });
}

/** Of the flavor that was asked for, wherever it stands; else of the instance itself. */
function sizeOf(told: JsonObject): JsonObject {
  const spec = dataOf(told['request_spec']) ?? objectOf(told['request_spec']);
  const places = [
    spec['flavor'],
    spec['instance_type'],
    told['flavor'],
    spec['instance_properties'],
    told['instance_properties'],
    told,
  ];
  const sizes = places.map((place) => dataOf(place) ?? objectOf(place));
  return sizes.find((size) => countOf(size['vcpus']) !== null) ?? {};
}

function dataOf(value: unknown): JsonObject | null {
  const data = isJsonObject(value) ? value[DATA] : null;
  return isJsonObject(data) ? data : null;
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Null for what is no size. */
function countOf(value: unknown): number | null {
  const count = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isFinite(count) && count > 0 && count <= 1e9
    ? count
    : null;
}
