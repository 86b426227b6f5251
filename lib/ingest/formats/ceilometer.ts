import { dialectOf } from '../row-shape.ts';
import type { Recogniser } from './format.ts';
import { isJsonObject } from './json-object.ts';

const KEY = /"(counter_name|counter_volume|meter|name|volume|resource_id|timestamp)"\s*:/g;

/** A sample in any of the three key sets; a row that is no JSON is told by its keys. */
export const recogniseCeilometer: Recogniser = ({ text, value }) => {
  const keys =
    value === undefined
      ? Array.from(text.matchAll(KEY), (match) => match[1] ?? '')
      : isJsonObject(value)
        ? Object.keys(value)
        : [];
  const dialect = dialectOf(keys);
  return dialect && { kind: 'samples', name: dialect.format };
};
