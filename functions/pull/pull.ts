import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { ConfigStore } from '../../lib/ports/config-store.ts';
import type { PullRequest, PullRequests } from '../../lib/ports/sources.ts';
import { dueAt } from '../../lib/sources/due.ts';
import { type PullPorts, pullSource } from '../../lib/sources/pull-source.ts';
import { type Source, sourceSchema } from '../../lib/sources/source.ts';

export interface PullDeps {
  readonly ports: PullPorts;
  readonly configuration: Pick<ConfigStore, 'get' | 'list'>;
  readonly requests: PullRequests;
  readonly uuid: () => string;
}

const requestSchema: z.ZodType<PullRequest> = z.strictObject({
  source: z.string(),
  run: z.string(),
  actor: z.string(),
  requestedAt: z.iso.datetime(),
  isScheduled: z.boolean(),
});

/** What somebody asked for by hand waits this long for a run that goes on. */
const BUSY_DELAY_SECONDS = 15;
const BUSY_MINUTES_MAX = 60;

/**
 * By the schedule: sends a message for each source that is due. By a message: pulls that source. A
 * pull that fails is written down in the source's state and is no failure of the message; only a
 * crash brings it back.
 */
export function pullHandler(deps: PullDeps) {
  return async (
    event: Partial<SQSEvent>,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse | { readonly due: number }> => {
    if (event.Records === undefined) return { due: await requestDue(deps) };
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { body, messageId } of event.Records) {
      const deadlineMs = deps.ports.now().getTime() + context.getRemainingTimeInMillis();
      await pullRequested(deps, requestSchema.parse(JSON.parse(body)), deadlineMs).catch(
        (error) => {
          const cause = error instanceof Error ? error : new Error(String(error));
          deps.ports.logError('A pull ended before its end', { error: cause });
          batchItemFailures.push({ itemIdentifier: messageId });
        },
      );
    }
    return { batchItemFailures };
  };
}

async function requestDue({ ports, configuration, requests, uuid }: PullDeps): Promise<number> {
  const now = ports.now();
  const states = new Map((await ports.states.list()).map((state) => [state.id, state]));
  const sources = (await configuration.list('source')).map(({ body }) => sourceSchema.parse(body));
  const due = sources.filter((source) => {
    const at = dueAt(source, states.get(source.id) ?? null);
    return at !== null && at <= now;
  });
  for (const { id } of due) {
    await requests.request({
      source: id,
      run: uuid(),
      actor: 'schedule',
      requestedAt: now.toISOString(),
      isScheduled: true,
    });
  }
  return due.length;
}

async function pullRequested(
  deps: PullDeps,
  request: PullRequest,
  deadlineMs: number,
): Promise<void> {
  const source = await sourceOf(deps, request.source);
  if (source === null) return;
  const outcome = await pullSource(deps.ports, { source, request, deadlineMs });
  if (outcome !== 'busy' || request.isScheduled) return;
  const waitedMs = deps.ports.now().getTime() - Date.parse(request.requestedAt);
  if (waitedMs < BUSY_MINUTES_MAX * 60_000) {
    await deps.requests.request(request, BUSY_DELAY_SECONDS);
  }
}

/** Null when it was deleted since. */
async function sourceOf({ configuration }: PullDeps, id: string): Promise<Source | null> {
  const document = await configuration.get('source', id);
  return document === null ? null : sourceSchema.parse(document.body);
}
