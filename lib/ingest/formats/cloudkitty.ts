import { ObjectRefused } from '../refusal.ts';
import { CloudKittySink } from './cloudkitty-sink.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

const FORMAT: Format = {
  name: 'cloudkitty',
  rowsAreSamples: false,
  open: (_, options) => new CloudKittySink(options),
};

/**
 * What CloudKitty rated: data frames of its API v2, as they are read (`GET /v2/dataframes`) and posted, or a summary
 * (`GET /v2/summary`), as table or objects. They say what they measure and when, so that they need no envelope.
 */
const recognise: Recogniser = ({ value }) => {
  if (!isJsonObject(value)) return null;
  if (isVersion1(value)) {
    throw new ObjectRefused(
      'cloudkitty_v1',
      "This is an answer of CloudKitty's API v1. Send that of v2: GET /v2/dataframes, or GET /v2/summary with groupby=project_id,type.",
    );
  }
  if (Array.isArray(value['dataframes']) || isFrame(value) || isSummary(value)) return FORMAT;
  if (isScope(value) || Array.isArray(value['modules']) || 'module_id' in value) {
    throw new ObjectRefused(
      'cloudkitty_settings',
      'This tells of the scopes or rating modules of CloudKitty, not of anything it rated. Send GET /v2/dataframes, or GET /v2/summary.',
    );
  }
  return null;
};

export const CLOUDKITTY: FormatFile = { formats: [FORMAT], recognise };

function isFrame(value: JsonObject): boolean {
  return isJsonObject(value['period']) && isJsonObject(value['usage']);
}

function isSummary({ columns, results }: JsonObject): boolean {
  if (!Array.isArray(results)) return false;
  if (Array.isArray(columns)) return columns.includes('qty') && columns.includes('rate');
  const first: unknown = results[0];
  return isJsonObject(first) && 'qty' in first && 'rate' in first;
}

function isScope({ results }: JsonObject): boolean {
  const first: unknown = Array.isArray(results) ? results[0] : undefined;
  return isJsonObject(first) && 'scope_id' in first;
}

/** Frames with `resources`, and the reports of v1. */
function isVersion1({ dataframes, summary }: JsonObject): boolean {
  if (Array.isArray(summary)) return isJsonObject(summary[0]) && 'res_type' in summary[0];
  const first: unknown = Array.isArray(dataframes) ? dataframes[0] : undefined;
  return isJsonObject(first) && 'resources' in first;
}
