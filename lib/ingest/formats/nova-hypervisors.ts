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
  if (isListed(value)) {
    throw new ObjectRefused(
      'bare_hypervisors',
      'This is a list of hypervisors, which does not say when it was true. Wrap it: {"region":"west","source":"nova","observedAt":"2026-10-05T10:00:00Z","body":<the list>}.',
    );
  }
  return null;
};

function isListed(value: JsonObject): boolean {
  const { hypervisors, hypervisor } = value;
  return Array.isArray(hypervisors) || isJsonObject(hypervisor) || 'Hypervisor Hostname' in value;
}

export const NOVA_HYPERVISORS: FormatFile = { formats: [NOVA, OTHER], recognise };
