import { ProblemError } from '../../lib/errors.ts';
import { defaultSettings } from '../../lib/metering/region-settings.ts';
import type { ConfigDocument, ConfigKind } from '../../lib/ports/config-store.ts';
import { CONFIGURED_DOCUMENTS } from '../http/contracts/configured-documents.ts';
import { METERS } from '../http/contracts/meters.ts';
import { getRateCard, listRateCards } from '../http/contracts/rate-cards.ts';
import { getRegionSettings } from '../http/contracts/region-settings.ts';
import { getTeam, listTeams } from '../http/contracts/teams.ts';
import { pageOf } from '../http/cursor.ts';
import { etag, listEtag, versionTag } from '../http/etag.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

export function configurationRoutes({
  configuration,
}: Pick<ReadPorts, 'configuration'>): Implementation[] {
  return [
    implement(listRateCards, async ({ query }) => {
      const cards = await configuration.list('rate-card');
      return json(200, itemPage(cards, 'rate-cards', query));
    }),
    implement(getRateCard, async ({ params }) =>
      documentReply('rate-card', params.id, 'rate card'),
    ),
    implement(listTeams, async ({ query }) => {
      const teams = await configuration.list('team');
      return json(200, itemPage(teams, 'teams', query), { etag: etag(listEtag(teams)) });
    }),
    implement(getTeam, async ({ params }) => documentReply('team', params.id, 'team')),
    ...[...CONFIGURED_DOCUMENTS, METERS].flatMap(({ kind, path, name, list, get }) => [
      implement(list, async ({ query }) =>
        json(200, itemPage(await configuration.list(kind), path, query)),
      ),
      implement(get, async ({ params }) => documentReply(kind, params.id, name)),
    ]),
    implement(getRegionSettings, async ({ params }) => {
      const present = await configuration.get('region-settings', params.region);
      return present === null
        ? json(200, defaultSettings(params.region))
        : json(200, present.body, { etag: etag(versionTag(present)) });
    }),
  ];

  async function documentReply(kind: ConfigKind, id: string, what: string) {
    const present = await configuration.get(kind, id);
    if (present === null) throw await notFound(kind, id, what);
    return json(200, present.body, { etag: etag(versionTag(present)) });
  }

  async function notFound(kind: ConfigKind, id: string, what: string): Promise<ProblemError> {
    const ids = (await configuration.list(kind)).map((one) => one.id);
    const known =
      ids.length === 0 ? 'there is none yet' : `there are: ${ids.slice(0, 20).join(', ')}`;
    return new ProblemError('not_found', `There is no ${what} "${id}"; ${known}.`);
  }
}

/** A page of documents as the API lists them. */
export function itemPage(
  documents: readonly ConfigDocument[],
  list: string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const page = pageOf(documents, ({ id }) => id, {
    list,
    limit: query.limit,
    cursor: query.cursor,
  });
  const items = page.items.map((document) => ({
    id: document.id,
    etag: etag(versionTag(document)),
    actor: document.actor,
    updatedAt: document.updatedAt,
    document: document.body,
  }));
  return { items, nextCursor: page.nextCursor };
}
