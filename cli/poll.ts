import { ApiProblem, UnreachableError } from './client.ts';
import type { Io } from './io.ts';

/** What was waited for did not come in time. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
}

/**
 * Asks again and again, at first soon and then every two seconds, until there is an answer. A
 * server that is away for a while (it restarts) is waited for as well.
 *
 * @param ask gives null while there is no answer yet
 */
export async function poll<T>(
  io: Io,
  options: { readonly timeoutSeconds: number; readonly what: string },
  ask: () => Promise<T | null>,
): Promise<T> {
  const deadline = io.now().getTime() + options.timeoutSeconds * 1_000;
  let lastFailure = '';
  for (let waitMs = 200; ; waitMs = Math.min(waitMs * 1.5, 2_000)) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
      lastFailure = '';
    } catch (error) {
      if (!isPassing(error)) throw error;
      lastFailure = ` ${error.message}`;
    }
    if (io.now().getTime() + waitMs > deadline) {
      throw new WaitTimeoutError(
        `${options.what} is not done after ${options.timeoutSeconds} s.${lastFailure} It may still finish; --timeout waits longer.`,
      );
    }
    await io.sleep(waitMs);
  }
}

/** A server that is away, or that fails for a moment as it goes or comes. */
function isPassing(error: unknown): error is Error {
  if (error instanceof ApiProblem) return error.status >= 500;
  return error instanceof UnreachableError;
}
