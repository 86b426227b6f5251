import { canonicalJson } from '../billing/sha256.ts';
import { ProblemError } from '../errors.ts';
import { type Scenario, scenarioSchema } from './scenario.ts';

/** API Gateway takes 10,240 bytes of request line and headers together. */
const LONGEST_URL = 6_000;

/** The address that gives the scenario's answer again, to be shared; null when it would be too long. */
export function scenarioUrl(scenario: Scenario): string | null {
  const url = `/v1/scenario-answer?scenario=${encodeURIComponent(canonicalJson(scenario))}`;
  return url.length <= LONGEST_URL ? url : null;
}

/** @throws ProblemError `invalid` when the text is not the JSON of a scenario */
export function scenarioOfText(text: string): Scenario {
  return scenarioOf(jsonOf(text));
}

/** @throws ProblemError `invalid` when it is none, or one of an earlier shape */
export function scenarioOf(value: unknown): Scenario {
  const parsed = scenarioSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError(
    'invalid',
    'This is no scenario that can be answered.',
    parsed.error.issues.map(({ path, message }) => ({
      pointer: ['/query/scenario', ...path].join('/'),
      message,
    })),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const message = 'must be the JSON of a scenario, URL-encoded';
    throw new ProblemError('invalid', 'The query is no JSON.', [
      { pointer: '/query/scenario', message },
    ]);
  }
}
