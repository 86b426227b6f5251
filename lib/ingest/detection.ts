import { recogniseCeilometer } from './formats/ceilometer.ts';
import type { Format, Recogniser } from './formats/format.ts';
import { recogniseGnocchi } from './formats/gnocchi.ts';
import { recogniseHypervisors } from './formats/nova-hypervisors.ts';
import { recognisePlacement } from './formats/placement.ts';
import { recognisePythonRepr } from './formats/python-repr.ts';
import { recogniseSampleList } from './formats/sample-list.ts';
import { recogniseSignatureVectors } from './formats/signature-vectors.ts';
import { excerpt, ObjectRefused } from './refusal.ts';
import { parseTolerantly } from './tolerant-json.ts';

/** One per format, each in its own file. */
const RECOGNISERS: readonly Recogniser[] = [
  recogniseCeilometer,
  recogniseGnocchi,
  recognisePlacement,
  recogniseHypervisors,
  recognisePythonRepr,
  recogniseSampleList,
  recogniseSignatureVectors,
];

/** Null when the row does not tell. @throws ObjectRefused when it tells of a format that is not taken */
export function detectFormat(text: string): Format | null {
  const specimen = { text, value: parseTolerantly(text) };
  for (const recognise of RECOGNISERS) {
    const format = recognise(specimen);
    if (format) return format;
  }
  return null;
}

export function unknownFormat(firstRow: string): ObjectRefused {
  return new ObjectRefused(
    'unknown_format',
    `The format is not known. Send Ceilometer samples as JSON lines or a JSON array, or Gnocchi, Placement and Nova answers in their envelope. It starts with: ${excerpt(firstRow)}`,
  );
}
