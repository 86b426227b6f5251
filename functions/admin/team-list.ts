import { compareText } from '../../lib/identifiers.ts';
import type { ConfigDocument } from '../../lib/ports/config-store.ts';
import { shareBook } from '../../lib/rating/shares.ts';
import { putTeams } from '../http/contracts/teams.ts';
import { etag, listEtag, versionTag } from '../http/etag.ts';
import { requirePrecondition } from '../http/precondition.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { writeDocument } from './write-document.ts';

interface Outcome {
  readonly created: string[];
  readonly updated: string[];
  readonly unchanged: string[];
  readonly removed: string[];
}

/**
 * The whole list at once: each team is its own document, guarded by its own version. Removals come
 * first and new teams last, since teams that have a document are the ones that give projects up. A
 * close in between that sees a project given away twice refuses; none bills it twice.
 */
export function teamListRoutes(ports: Pick<AdminPorts, 'configuration' | 'now'>): Implementation[] {
  const { configuration } = ports;
  return [
    implement(putTeams, async ({ body, document, precondition, actor }) => {
      shareBook(body);
      const present = await configuration.list('team');
      // An empty list has its ETag, too, and whoever expects nothing to be there is right.
      const empty = present.length === 0 && precondition.kind !== 'match';
      requirePrecondition(precondition, empty ? null : listEtag(present), 'The list of teams');
      const outcome: Outcome = { created: [], updated: [], unchanged: [], removed: [] };
      const wanted = new Map((document as { id: string }[]).map((team) => [team.id, team]));
      for (const team of present.filter(({ id }) => !wanted.has(id))) {
        const at = ports.now().toISOString();
        await configuration.delete('team', team.id, { expectedVersion: team.version, actor, at });
        outcome.removed.push(team.id);
      }
      for (const team of inOrderOfGiving([...wanted.values()], present)) {
        const before = present.find(({ id }) => id === team.id);
        const written = await writeDocument(ports, {
          kind: 'team',
          id: team.id,
          document: team,
          precondition: before ? { kind: 'match', tag: versionTag(before) } : { kind: 'absent' },
          actor,
          what: `Team "${team.id}"`,
        });
        outcome[written.outcome].push(team.id);
      }
      for (const ids of Object.values(outcome)) ids.sort(compareText);
      const after = await configuration.list('team');
      return json(200, outcome, { etag: etag(listEtag(after)) });
    }),
  ];
}

function inOrderOfGiving<T extends { readonly id: string }>(
  teams: readonly T[],
  present: readonly ConfigDocument[],
): T[] {
  const known = new Set(present.map(({ id }) => id));
  return teams.toSorted((a, b) => Number(known.has(b.id)) - Number(known.has(a.id)));
}
