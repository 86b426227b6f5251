import { capacitySink } from '../capacity-sink.ts';
import { ObjectRefused } from '../refusal.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject } from './json-object.ts';

const FORMAT: Format = {
  name: 'placement',
  rowsAreSamples: false,
  open: (_, options) => capacitySink(options),
};

/** Inventories and usages of resource providers, in the envelope that says of which; bare, they do not say. */
const recognise: Recogniser = ({ value }) => {
  if (!isJsonObject(value)) return null;
  if ('body' in value && ('resourceProvider' in value || value['source'] === 'placement')) {
    return FORMAT;
  }
  if (isJsonObject(value['inventories']) || isJsonObject(value['usages'])) {
    throw new ObjectRefused(
      'bare_placement',
      'This is an answer of Placement, which does not name its resource provider. Wrap each: {"region":"west","source":"placement","resourceProvider":"<host>","observedAt":"2026-10-05T10:00:00Z","body":<the answer>}, all hosts of the region in one object.',
    );
  }
  return null;
};

export const PLACEMENT: FormatFile = { formats: [FORMAT], recognise };
