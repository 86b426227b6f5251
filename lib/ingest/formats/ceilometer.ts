import { dialectOf } from '../row-shape.ts';
import { sampleSink } from '../sample-sink.ts';
import { CEILOMETER_API_V2 } from './ceilometer-api-v2.ts';
import { CEILOMETER_MESSAGING } from './ceilometer-messaging.ts';
import { CEILOMETER_PUBLISHER } from './ceilometer-publisher.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject } from './json-object.ts';

const KEY = /"(counter_name|counter_volume|meter|name|volume|resource_id|timestamp)"\s*:/g;

/** The key sets are told row by row: an object may mix them, and is named after the first. */
const BY_DIALECT = new Map(
  [CEILOMETER_MESSAGING, CEILOMETER_API_V2, CEILOMETER_PUBLISHER].map((dialect) => {
    const format: Format = { name: dialect.format, rowsAreSamples: true, open: sampleSink };
    return [dialect, format];
  }),
);

/** A sample in any of the three key sets; a row that is no JSON is told by its keys. */
const recognise: Recogniser = ({ text, value }) => {
  const keys =
    value === undefined
      ? Array.from(text.matchAll(KEY), (match) => match[1] ?? '')
      : isJsonObject(value)
        ? Object.keys(value)
        : [];
  const dialect = dialectOf(keys);
  return (dialect && BY_DIALECT.get(dialect)) ?? null;
};

export const CEILOMETER: FormatFile = { formats: [...BY_DIALECT.values()], recognise };
