import { ProblemError } from '../../lib/errors.ts';
import type { ConfigDocument } from '../../lib/ports/config-store.ts';
import type { SourceState } from '../../lib/ports/sources.ts';
import { dueAt } from '../../lib/sources/due.ts';
import { sourceFingerprint, sourceSchema } from '../../lib/sources/source.ts';
import { getSource, listSources } from '../http/contracts/sources.ts';
import { pageOf } from '../http/cursor.ts';
import { etag, versionTag } from '../http/etag.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

export function sourceRoutes({
  configuration,
  sources,
  now,
}: Pick<ReadPorts, 'configuration' | 'sources' | 'now'>): Implementation[] {
  return [
    implement(listSources, async ({ query: { limit, cursor } }) => {
      const states = new Map((await sources.list()).map((state) => [state.id, state]));
      const documents = await configuration.list('source');
      const page = pageOf(documents, ({ id }) => id, { list: 'sources', limit, cursor });
      const items = page.items.map((document) =>
        viewOf(document, states.get(document.id) ?? null, now()),
      );
      return json(200, { items, nextCursor: page.nextCursor });
    }),
    implement(getSource, async ({ params: { id } }) => {
      const document = await configuration.get('source', id);
      if (document === null) {
        const ids = (await configuration.list('source')).map((one) => one.id);
        const known =
          ids.length === 0 ? 'there is none yet' : `there are: ${ids.slice(0, 20).join(', ')}`;
        throw new ProblemError('not_found', `There is no source "${id}"; ${known}.`);
      }
      const view = viewOf(document, await sources.get(id), now());
      return json(200, view, { etag: etag(versionTag(document)) });
    }),
  ];
}

function viewOf(document: ConfigDocument, state: SourceState | null, now: Date) {
  const source = sourceSchema.parse(document.body);
  // What was pulled by other settings says nothing of how far these have come.
  const isCurrent = state?.fingerprint === sourceFingerprint(source);
  const due = dueAt(source, state);
  return {
    id: document.id,
    etag: etag(versionTag(document)),
    actor: document.actor,
    updatedAt: document.updatedAt,
    document: document.body,
    status: {
      pulledUntil: isCurrent ? state.pulledUntil : null,
      nextDueAt:
        due === null ? null : new Date(Math.max(due.getTime(), now.getTime())).toISOString(),
      lastSuccessAt: state?.lastSuccessAt ?? null,
      failures: state?.failures ?? 0,
      lastRun: state?.lastRun ?? null,
    },
  };
}
