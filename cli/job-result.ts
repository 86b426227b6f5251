import type { IncomingMessage } from 'node:http';
import { ApiProblem, type Client } from './client.ts';
import { download } from './download.ts';
import type { Io } from './io.ts';
import { poll } from './poll.ts';
import { progress } from './progress.ts';
import { fileJob } from './responses/jobs.ts';

/** A job of the server whose result is a file. */
export interface JobRequest {
  readonly path: string;
  readonly body: unknown;
  /** In messages: `The export`. */
  readonly what: string;
  readonly doing: string;
  readonly timeoutSeconds: number;
}

/** Starts the job, waits for its end and opens its result. */
export async function jobResult(
  client: Client,
  io: Io,
  { path, body, what, doing, timeoutSeconds }: JobRequest,
): Promise<IncomingMessage> {
  const answer = await client.send('POST', path, { body, repeatable: true });
  const { location } = fileJob.parse(answer.body);
  const shown = progress(io);
  shown.update(`${doing} ...`);
  const job = await poll(io, { timeoutSeconds, what }, async () => {
    const found = fileJob.parse((await client.send('GET', location)).body);
    return found.state === 'done' || found.state === 'failed' ? found : null;
  }).finally(shown.done);
  if (job.state === 'failed' || job.url === null) {
    throw new ApiProblem(500, `${what} failed: ${job.problem ?? 'no reason was given'}`);
  }
  return await download(job.url, 'The result');
}
