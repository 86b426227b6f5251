import * as z from 'zod';
import { compareText } from './identifiers.ts';

/** What of a resource's metadata is kept with its usage: by a setting of the region. */
export type Labels = Readonly<Record<string, string>>;

/** Of resources whose region keeps none, or that have none of those kept. */
export const NO_LABELS: Labels = {};

/** So many keys a region keeps, and a rule matches. */
export const LABELS_MAX = 8;
/** In UTF-8; longer values are not kept. */
export const LABEL_VALUE_BYTES_MAX = 255;

/** A key of metadata that can be kept: no separator of ours is in it. */
export const labelName = z
  .string({ error: 'must be text' })
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}$/,
    'must be 1 to 64 letters, digits, ".", "_", ":" or "-", starting with a letter, a digit or "_"',
  );

const labelValue = z
  .string({ error: 'must be text' })
  .refine(
    (text) =>
      text !== '' &&
      text.isWellFormed() &&
      new TextEncoder().encode(text).length <= LABEL_VALUE_BYTES_MAX,
    `must be 1 to ${LABEL_VALUE_BYTES_MAX} bytes of UTF-8 text`,
  );

/** `{"environment": "prod"}`. */
export const labelsField = z
  .record(labelName, labelValue, { error: 'must be an object' })
  .refine((labels) => Object.keys(labels).length <= LABELS_MAX, {
    message: `must have at most ${LABELS_MAX} keys`,
  });

/** One text for labels that are the same: JSON with sorted keys; empty without labels. */
export function labelsText(labels: Labels): string {
  const entries = Object.entries(labels).sort(([a], [b]) => compareText(a, b));
  return entries.length === 0 ? '' : JSON.stringify(Object.fromEntries(entries));
}
