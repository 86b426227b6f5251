import { ProblemError } from '../../lib/errors.ts';
import type { ConfigKind } from '../../lib/ports/config-store.ts';
import { requireDistinctCards } from '../../lib/rating/card-calendar.ts';
import { readRateCard } from '../../lib/rating/rate-card.ts';
import { shareBook } from '../../lib/rating/shares.ts';
import { readTeam } from '../../lib/rating/team.ts';
import { deleteRateCard, putRateCard } from '../http/contracts/rate-cards.ts';
import { deleteTeam, putTeam } from '../http/contracts/teams.ts';
import { versionTag } from '../http/etag.ts';
import { type Precondition, requirePrecondition } from '../http/precondition.ts';
import { noContent, type Reply } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { writeDocument, writtenReply } from './write-document.ts';

type ConfigurationPorts = Pick<AdminPorts, 'configuration' | 'now'>;

export function configurationRoutes(ports: ConfigurationPorts): Implementation[] {
  const { configuration } = ports;
  return [
    implement(putRateCard, async ({ params, body, document, precondition, actor }) => {
      requireSameId(params.id, body.id);
      const others = await othersOf('rate-card', params.id, readRateCard);
      requireDistinctCards([...others, body]);
      const what = `Rate card "${params.id}"`;
      const write = {
        kind: 'rate-card',
        id: params.id,
        document,
        precondition,
        actor,
        what,
      } as const;
      return writtenReply(await writeDocument(ports, write));
    }),
    implement(putTeam, async ({ params, body, document, precondition, actor }) => {
      requireSameId(params.id, body.id);
      const others = await othersOf('team', params.id, readTeam);
      shareBook([...others, body]);
      const what = `Team "${params.id}"`;
      const write = { kind: 'team', id: params.id, document, precondition, actor, what } as const;
      return writtenReply(await writeDocument(ports, write));
    }),
    implement(deleteRateCard, async (request) =>
      remove({ kind: 'rate-card', what: 'Rate card', ...request, id: request.params.id }),
    ),
    implement(deleteTeam, async (request) =>
      remove({ kind: 'team', what: 'Team', ...request, id: request.params.id }),
    ),
  ];

  async function othersOf<T>(
    kind: ConfigKind,
    id: string,
    read: (document: unknown) => T,
  ): Promise<T[]> {
    const documents = await configuration.list(kind);
    return documents.filter((one) => one.id !== id).map((one) => read(one.body));
  }

  async function remove(removal: {
    readonly kind: ConfigKind;
    readonly what: string;
    readonly id: string;
    readonly precondition: Precondition;
    readonly actor: string;
  }): Promise<Reply> {
    const { kind, id, actor } = removal;
    const present = await configuration.get(kind, id);
    const what = `${removal.what} "${id}"`;
    if (present === null) throw new ProblemError('not_found', `${what} does not exist.`);
    requirePrecondition(removal.precondition, versionTag(present), what);
    await configuration.delete(kind, id, {
      expectedVersion: present.version,
      actor,
      at: ports.now().toISOString(),
    });
    return noContent();
  }
}

/** @throws ProblemError `invalid` */
export function requireSameId(path: string, body: string): void {
  if (path === body) return;
  const message = `is "${body}", and the path names "${path}": they must be the same`;
  throw new ProblemError('invalid', `The id ${message}.`, [{ pointer: '/id', message }]);
}
