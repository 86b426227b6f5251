import { capacitySink } from '../capacity-sink.ts';
import { ObjectRefused } from '../refusal.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

const open: Format['open'] = (_, options) => capacitySink(options);
const NOVA: Format = { name: 'nova', rowsAreSamples: false, open };
const OTHER: Format = { name: 'capacity', rowsAreSamples: false, open };

/** os-hypervisors/detail, or `openstack hypervisor list --long -f json`, in the envelope that says when; bare, they do not say. */
const recognise: Recogniser = ({ value }) => {
  if (!isJsonObject(value)) return null;
  if ('body' in value && 'observedAt' in value) {
    return value['source'] === 'nova' ? NOVA : OTHER;
  }
  if ('hypervisor_statistics' in value) {
    throw new ObjectRefused(
      'hypervisor_statistics',
      'This sums all hypervisors, so no host of it is known. Send os-hypervisors/detail up to microversion 2.87, or inventories of Placement. Wrap them: {"region":"west","source":"nova","observedAt":"2026-10-05T10:00:00Z","body":<the list>}.',
    );
  }
  if (lacksSizes(value)) {
    throw new ObjectRefused(
      'hypervisor_without_sizes',
      'This names hypervisors without their sizes. Nova tells them up to microversion 2.87, in os-hypervisors/detail (X-OpenStack-Nova-API-Version: 2.87) and not in the list, search, servers or uptime of hypervisors; from 2.88 on, export inventories and usages from Placement instead.',
    );
  }
  if (isListed(value)) {
    throw new ObjectRefused(
      'bare_hypervisors',
      'This is a list of hypervisors, which does not say when it was true. Wrap it: {"region":"west","source":"nova","observedAt":"2026-10-05T10:00:00Z","body":<the list>}.',
    );
  }
  return null;
};

function lacksSizes({ hypervisors, hypervisor, ...listed }: JsonObject): boolean {
  const one: unknown = Array.isArray(hypervisors) ? hypervisors[0] : hypervisor;
  if (isJsonObject(one)) return 'hypervisor_hostname' in one && !('vcpus' in one);
  return 'Hypervisor Hostname' in listed && !('vCPUs' in listed);
}

function isListed(value: JsonObject): boolean {
  const { hypervisors, hypervisor } = value;
  return Array.isArray(hypervisors) || isJsonObject(hypervisor) || 'Hypervisor Hostname' in value;
}

export const NOVA_HYPERVISORS: FormatFile = { formats: [NOVA, OTHER], recognise };
