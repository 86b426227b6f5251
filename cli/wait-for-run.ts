import { ApiProblem, type Client } from './client.ts';
import type { Io } from './io.ts';
import { poll } from './poll.ts';
import { run } from './responses/jobs.ts';

/**
 * Waits for the end of a run.
 *
 * @throws ApiProblem with its reasons when it did not succeed
 */
export async function waitForRun(
  client: Client,
  io: Io,
  wait: { readonly location: string; readonly what: string; readonly timeoutSeconds: number },
): Promise<void> {
  const ended = await poll(io, wait, async () => {
    const found = run.parse((await client.send('GET', wait.location)).body);
    return found.status === 'RUNNING' ? null : found;
  });
  if (ended.status === 'SUCCEEDED') return;
  const reason = ended.detail ?? `it ended as ${ended.status}`;
  throw new ApiProblem(409, `${wait.what} failed: ${reason}`, { errors: ended.errors });
}
