import { ObjectRefused } from '../refusal.ts';
import { isPythonRepr, PYTHON_REPR_ADVICE } from '../unreadable-row.ts';
import type { Recogniser } from './format.ts';

/** What the file publisher writes without `?json`. Its digits and quotes are Python's: it is not guessed at. */
export const recognisePythonRepr: Recogniser = ({ text }) => {
  if (!isPythonRepr(text)) return null;
  throw new ObjectRefused('python_repr', `The object cannot be read: ${PYTHON_REPR_ADVICE}.`);
};
