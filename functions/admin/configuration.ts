import { ProblemError } from '../../lib/errors.ts';
import type { ConfigKind } from '../../lib/ports/config-store.ts';
import { requireDistinctCards } from '../../lib/rating/card-calendar.ts';
import { readRateCard } from '../../lib/rating/rate-card.ts';
import { shareBook } from '../../lib/rating/shares.ts';
import { readTeam } from '../../lib/rating/team.ts';
import { deleteRateCard, putRateCard } from '../http/contracts/rate-cards.ts';
import { deleteTeam, putTeam } from '../http/contracts/teams.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { removeDocument } from './remove-document.ts';
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
    implement(deleteRateCard, ({ params: { id }, precondition, actor }) =>
      removeDocument(ports, {
        kind: 'rate-card',
        id,
        precondition,
        actor,
        what: `Rate card "${id}"`,
      }),
    ),
    implement(deleteTeam, ({ params: { id }, precondition, actor }) =>
      removeDocument(ports, { kind: 'team', id, precondition, actor, what: `Team "${id}"` }),
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
}

/** @throws ProblemError `invalid` */
export function requireSameId(path: string, body: string): void {
  if (path === body) return;
  const message = `is "${body}", and the path names "${path}": they must be the same`;
  throw new ProblemError('invalid', `The id ${message}.`, [{ pointer: '/id', message }]);
}
