import { ObjectRefused } from '../refusal.ts';
import type { Recogniser } from './format.ts';
import { isJsonObject } from './json-object.ts';

/** os-hypervisors/detail, or `openstack hypervisor list --long -f json`, in the envelope that says when; bare, they do not say. */
export const recogniseHypervisors: Recogniser = ({ value }) => {
  if (!isJsonObject(value)) return null;
  if ('body' in value && 'observedAt' in value) {
    return { kind: 'capacity', name: value['source'] === 'nova' ? 'nova' : 'capacity' };
  }
  if (Array.isArray(value['hypervisors']) || 'Hypervisor Hostname' in value) {
    throw new ObjectRefused(
      'bare_hypervisors',
      'This is a list of hypervisors, which does not say when it was true. Wrap it: {"region":"west","source":"nova","observedAt":"2026-10-05T10:00:00Z","body":<the list>}.',
    );
  }
  return null;
};
