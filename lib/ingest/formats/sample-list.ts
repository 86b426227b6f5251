import { ObjectRefused } from '../refusal.ts';
import type { FormatFile, Recogniser } from './format.ts';

const HEADER =
  /^"?(ID"?,"?)?Resource ID"?,"?Name"?,"?Type"?,"?Volume"?,"?Unit"?,"?Timestamp"?\s*$/i;
const TABLE = /^\+-{3,}|^\|\s*(ID\s*\|\s*)?Resource ID\s*\|/i;

/** The columns of `ceilometer sample-list` name neither project nor metadata: nobody could be charged. */
const recognise: Recogniser = ({ text }) => {
  if (!HEADER.test(text) && !TABLE.test(text)) return null;
  throw new ObjectRefused(
    'sample_list',
    'This is the table of "ceilometer sample-list", which names no project and no metadata. Export the samples as JSON: GET /v2/samples, or the file publisher with ?json.',
  );
};

export const SAMPLE_LIST: FormatFile = { formats: [], recognise };
