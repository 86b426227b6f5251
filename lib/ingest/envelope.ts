import type * as z from 'zod';
import type { Region } from '../identifiers.ts';
import { type InstantUs, parseInstant } from '../period/instant.ts';
import { excerpt, ObjectRefused } from './refusal.ts';
import { parseTolerantly } from './tolerant-json.ts';

/**
 * The envelope in `text`, by its schema.
 * @throws ObjectRefused when it is none, or is of another region than the key
 */
export function readEnvelope<T extends { readonly region: string }>(
  schema: z.ZodType<T>,
  text: string,
  options: { readonly line: number; readonly region: Region },
): T {
  const parsed = schema.safeParse(parseJson(text, options.line));
  if (!parsed.success) {
    const faults = parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.length > 0 ? `/${path.join('/')}` : 'it'}: ${message}`);
    throw new ObjectRefused(
      'invalid_envelope',
      `The envelope at line ${options.line} is not as documented (docs/architecture.md, shapes). ${faults.join('; ')}.`,
    );
  }
  const { region } = parsed.data;
  if (region !== options.region) {
    throw new ObjectRefused(
      'other_region',
      `The envelope at line ${options.line} is of the region "${excerpt(region)}", and the object was put for "${options.region}".`,
    );
  }
  return parsed.data;
}

/** @throws ObjectRefused when the envelope's time is none */
export function instantOfEnvelope(observedAt: string, line: number): InstantUs {
  const instant = parseInstant(observedAt);
  if (instant !== null) return instant;
  throw new ObjectRefused(
    'invalid_envelope',
    `The observedAt "${excerpt(observedAt)}" at line ${line} is no time as 2026-10-05T10:00:00Z.`,
  );
}

function parseJson(text: string, line: number): unknown {
  const value = parseTolerantly(text);
  if (value !== undefined) return value;
  throw new ObjectRefused(
    'invalid_json',
    `Line ${line} is not valid JSON. It starts with: ${excerpt(text)}`,
  );
}
