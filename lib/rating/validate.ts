import type * as z from 'zod';
import { type FieldError, ProblemError } from '../errors.ts';

/**
 * Reads a document by its schema.
 *
 * @param what what it is to the person who wrote it, such as `the rate card`
 * @throws ProblemError `invalid`, with every fault and its place
 */
export function readDocument<S extends z.ZodType>(
  schema: S,
  document: unknown,
  what: string,
): z.output<S> {
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(faultsOf);
  throw new ProblemError('invalid', `${what} is not valid: ${summary(errors)}.`, errors);
}

/** Each fault on its own, as `/rules/0/price: must be ...`. */
export function faultText(fault: FieldError): string {
  return fault.pointer === '' ? fault.message : `${fault.pointer}: ${fault.message}`;
}

/** An RFC 6901 pointer: `pointerTo("rules", 0)` is `/rules/0`. */
export function pointerTo(...path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function faultsOf(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo(...issue.path, key),
      message: 'is not a known key',
    }));
  }
  return [{ pointer: pointerTo(...issue.path), message: issue.message }];
}

const FAULTS_TOLD = 3;

function summary(errors: readonly FieldError[]): string {
  const told = errors.slice(0, FAULTS_TOLD).map(faultText).join('; ');
  return errors.length > FAULTS_TOLD
    ? `${told}; and ${errors.length - FAULTS_TOLD} more faults`
    : told;
}
