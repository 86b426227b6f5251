import { ObjectRefused } from '../refusal.ts';
import { isPythonRepr, PYTHON_REPR_ADVICE } from '../unreadable-row.ts';
import type { FormatFile, Recogniser } from './format.ts';

/** What the file publisher writes without `?json`. Its digits and quotes are Python's: it is not guessed at. */
const recognise: Recogniser = ({ text }) => {
  if (!isPythonRepr(text)) return null;
  throw new ObjectRefused('python_repr', `The object cannot be read: ${PYTHON_REPR_ADVICE}.`);
};

export const PYTHON_REPR: FormatFile = { formats: [], recognise };
