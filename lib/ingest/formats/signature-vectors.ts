import { ObjectRefused } from '../refusal.ts';
import type { FormatFile, Recogniser } from './format.ts';
import { isJsonObject } from './json-object.ts';

/** An object with samples in a member of it: a test file of signatures, or a message bus dump. */
const recognise: Recogniser = ({ value }) => {
  if (!isJsonObject(value)) return null;
  const member = ['messages', 'samples', 'data'].find((key) => Array.isArray(value[key]));
  if (member === undefined) return null;
  throw new ObjectRefused(
    'wrapped_samples',
    `The samples are wrapped in an object, under "${member}". Send the array that stands there itself, or its elements as JSON lines.`,
  );
};

export const SIGNATURE_VECTORS: FormatFile = { formats: [], recognise };
