import { ObjectRefused } from '../refusal.ts';
import type { Recogniser } from './format.ts';
import { isJsonObject } from './json-object.ts';

/** Inventories and usages of resource providers, in the envelope that says of which; bare, they do not say. */
export const recognisePlacement: Recogniser = ({ value }) => {
  if (!isJsonObject(value)) return null;
  if ('body' in value && ('resourceProvider' in value || value['source'] === 'placement')) {
    return { kind: 'capacity', name: 'placement' };
  }
  if (isJsonObject(value['inventories']) || isJsonObject(value['usages'])) {
    throw new ObjectRefused(
      'bare_placement',
      'This is an answer of Placement, which does not name its resource provider. Wrap each: {"region":"west","source":"placement","resourceProvider":"<host>","observedAt":"2026-10-05T10:00:00Z","body":<the answer>}, all hosts of the region in one object.',
    );
  }
  return null;
};
