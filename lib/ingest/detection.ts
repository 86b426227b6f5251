import { compareText } from '../identifiers.ts';
import type { Format } from './formats/format.ts';
import { FORMATS } from './formats/registry.ts';
import { excerpt, ObjectRefused } from './refusal.ts';
import { parseTolerantly } from './tolerant-json.ts';

/** Null when the row does not tell. @throws ObjectRefused when it tells of a format that is not taken */
export function detectFormat(text: string): Format | null {
  const specimen = { text, value: parseTolerantly(text) };
  for (const { recognise } of FORMATS) {
    const format = recognise(specimen);
    if (format) return format;
  }
  return null;
}

/** Formats that can be asked for, so that they are not told from the content. */
export const FORMAT_NAMES: readonly string[] = FORMATS.flatMap(({ formats }) =>
  formats.map(({ name }) => name),
).toSorted(compareText);

/** @throws ObjectRefused when no format is named so */
export function formatNamed(name: string): Format {
  for (const { formats } of FORMATS) {
    const format = formats.find((one) => one.name === name);
    if (format) return format;
  }
  throw new ObjectRefused(
    'no_such_format',
    `There is no format "${excerpt(name)}". Leave it out, or name one of: ${FORMAT_NAMES.join(', ')}.`,
  );
}

export function unknownFormat(firstRow: string): ObjectRefused {
  return new ObjectRefused(
    'unknown_format',
    `The format is not known. Send Ceilometer samples as JSON lines or a JSON array, or another of the formats in docs/formats.md; name the format if it cannot be told from the content. It starts with: ${excerpt(firstRow)}`,
  );
}
