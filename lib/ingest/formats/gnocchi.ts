import { importedDemandSink } from '../imported-demand-sink.ts';
import { ObjectRefused } from '../refusal.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

const WRAP_IT =
  'Wrap it: {"region":"west","metric":"cores","operation":"sum","granularity":3600,"body":<the answer>}, or let headroom ingest do it with --metric and --granularity';

const FORMAT: Format = {
  name: 'gnocchi',
  rowsAreSamples: false,
  open: (_, options) => importedDemandSink(options),
};

/** Measures that Gnocchi aggregated, in the envelope that says of what; bare, they do not say. */
const recognise: Recogniser = ({ value }) => {
  if (isJsonObject(value) && isEnvelope(value)) return FORMAT;
  if (isMeasure(value) || (isJsonObject(value) && isAnswer(value))) {
    throw new ObjectRefused(
      'bare_gnocchi',
      `This is an answer of Gnocchi, which does not say what it measures. ${WRAP_IT}.`,
    );
  }
  if (isJsonObject(value) && isResource(value)) {
    throw new ObjectRefused(
      'gnocchi_resource',
      `This describes a resource of Gnocchi, and holds no measures. Export POST /v1/aggregates, or the measures of its metrics, instead. ${WRAP_IT}.`,
    );
  }
  return null;
};

export const GNOCCHI: FormatFile = { formats: [FORMAT], recognise };

function isEnvelope(value: JsonObject): boolean {
  return 'body' in value && ('metric' in value || 'granularity' in value || 'operation' in value);
}

/** [bucket start, granularity in seconds, value] */
function isMeasure(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

function isResource(value: JsonObject): boolean {
  return isJsonObject(value['metrics']) && 'id' in value && 'project_id' in value;
}

/** An aggregate, a group of one, or measures as they are posted: plain, by metric or by resource. */
function isAnswer(value: JsonObject): boolean {
  if ('measures' in value || ('timestamp' in value && 'value' in value)) return true;
  const [first] = Object.values(value);
  if (Array.isArray(first)) return isPostedList(first);
  return (
    isJsonObject(first) &&
    Object.values(first).some(
      (inner) => (isJsonObject(inner) && 'measures' in inner) || isPostedList(inner),
    )
  );
}

function isPostedList(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return isJsonObject(first) && 'timestamp' in first && 'value' in first;
}
