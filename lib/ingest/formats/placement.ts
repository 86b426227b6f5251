import { capacitySink } from '../capacity-sink.ts';
import { ObjectRefused } from '../refusal.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

const FORMAT: Format = {
  name: 'placement',
  rowsAreSamples: false,
  open: (_, options) => capacitySink(options),
};

/** Inventories, usages and allocations, in the envelope that says of which provider; bare, they do not say. */
const recognise: Recogniser = ({ value }) => {
  if (!isJsonObject(value)) return null;
  if ('body' in value) {
    const says = OTHERS.some((key) => key in value && 'observedAt' in value);
    return says || 'resourceProvider' in value || value['source'] === 'placement' ? FORMAT : null;
  }
  if (isAnswer(value)) throw new ObjectRefused('bare_placement', WRAP_IT);
  if ('total' in value && 'resource_provider_generation' in value) {
    throw new ObjectRefused(
      'one_inventory',
      `This is the inventory of one resource class, which does not say of which. Send GET /resource_providers/{uuid}/inventories instead. ${WRAP_IT}`,
    );
  }
  if ('parent_provider_uuid' in value || 'root_provider_uuid' in value) {
    throw new ObjectRefused(
      'one_provider',
      `This names one resource provider, and holds no amounts. Send the list, GET /resource_providers, with the inventories of all. ${WRAP_IT}`,
    );
  }
  return null;
};

const WRAP_IT =
  'An answer of Placement does not say of what it is, and when. Wrap each: {"region":"west","source":"placement","resourceProvider":"<host>","observedAt":"2026-10-05T10:00:00Z","body":<the answer>}, all hosts of the region in one object, or let headroom ingest do it with --source placement.';
/** Envelopes that have no resource provider: usages of a project, allocations of a consumer. */
const OTHERS = ['project', 'consumer'];

function isAnswer(value: JsonObject): boolean {
  const { inventories, usages, allocations, resource_providers: providers } = value;
  if (isJsonObject(inventories) || isJsonObject(usages) || Array.isArray(providers)) return true;
  if (isJsonObject(allocations) || Array.isArray(allocations)) return true;
  const [first] = Object.values(value);
  return isJsonObject(first) && isJsonObject(first['allocations']) && 'project_id' in first;
}

export const PLACEMENT: FormatFile = { formats: [FORMAT], recognise };
