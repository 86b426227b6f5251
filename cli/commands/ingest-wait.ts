import type { Client } from '../client.ts';
import { inParallel } from '../in-parallel.ts';
import type { Io } from '../io.ts';
import { poll } from '../poll.ts';
import type { Progress } from '../progress.ts';
import { type IngestView, ingestPage } from '../responses/ingests.ts';
import { type Outcome, sumOfParts } from './ingest-report.ts';

const WAITS_AT_ONCE = 8;

interface Wait {
  readonly client: Client;
  readonly io: Io;
  readonly shown: Progress;
  /** For all files together. */
  readonly timeoutSeconds: number;
}

/** Waits until each file that went up is metered, or refused. */
export async function waitForAll(uploads: readonly Outcome[], wait: Wait): Promise<Outcome[]> {
  const { io, shown } = wait;
  const deadlineMs = io.now().getTime() + wait.timeoutSeconds * 1_000;
  let done = 0;
  return await inParallel(uploads, WAITS_AT_ONCE, async (outcome) => {
    if (outcome.failure !== null) return outcome;
    const waited = await waitForFile(outcome, { ...wait, deadlineMs });
    done += 1;
    shown.update(`Metered ${done} of ${uploads.length}`);
    return waited;
  });
}

async function waitForFile(
  outcome: Outcome,
  { client, io, deadlineMs }: Wait & { readonly deadlineMs: number },
): Promise<Outcome> {
  const { keys, file } = outcome;
  const views: IngestView[] = [];
  try {
    for (const key of keys) {
      const timeoutSeconds = Math.max(1, (deadlineMs - io.now().getTime()) / 1_000);
      const what = keys.length === 1 ? file : `${file}, part ${views.length + 1}`;
      views.push(await poll(io, { timeoutSeconds, what }, () => finalIngest(client, key)));
    }
    const ingest = sumOfParts(views);
    const failure = ingest.state === 'refused' ? `refused: ${ingest.problem ?? ''}` : null;
    return { ...outcome, ingest, failure };
  } catch (error) {
    return { ...outcome, failure: error instanceof Error ? error.message : String(error) };
  }
}

async function finalIngest(client: Client, key: string): Promise<IngestView | null> {
  const answer = await client.send('GET', '/v1/ingests', { query: { key } });
  const [ingest] = ingestPage.parse(answer.body).items;
  return ingest?.state === 'metered' || ingest?.state === 'refused' ? ingest : null;
}
