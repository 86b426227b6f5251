import { ApiProblem, type Client } from './client.ts';

export type PutOutcome = 'created' | 'updated' | 'unchanged';

/** Replaces what is there now, or creates it: somebody else's write in between is not overwritten. */
export async function putVersioned(
  client: Client,
  path: string,
  body: unknown,
): Promise<{ readonly outcome: PutOutcome; readonly body: unknown }> {
  const present = await etagOf(client, path);
  const headers: Record<string, string> =
    present === null ? { 'if-none-match': '*' } : { 'if-match': present };
  const answer = await client.send('PUT', path, { body, headers });
  if (present === null) return { outcome: 'created', body: answer.body };
  return { outcome: answer.etag === present ? 'unchanged' : 'updated', body: answer.body };
}

async function etagOf(client: Client, path: string): Promise<string | null> {
  try {
    return (await client.send('GET', path)).etag;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}
