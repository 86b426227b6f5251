import { ANONYMOUS, isActor } from '../../lib/actor.ts';
import { ProblemError } from '../../lib/errors.ts';

/**
 * Who says to be writing.
 * @throws ProblemError `invalid`
 */
export function actorOf(headers: Readonly<Record<string, string | undefined>>): string {
  const actor = headers['x-headroom-actor']?.trim() ?? '';
  if (actor === '') return ANONYMOUS;
  if (isActor(actor)) return actor;
  throw new ProblemError('invalid', 'x-headroom-actor takes a name of 1 to 255 characters.');
}
