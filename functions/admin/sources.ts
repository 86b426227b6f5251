import { factOf } from '../../lib/audit/audit-entry.ts';
import { ProblemError } from '../../lib/errors.ts';
import { deleteSource, pullSourceNow, putSource } from '../http/contracts/sources.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { requireSameId } from './configuration.ts';
import type { AdminPorts } from './ports.ts';
import { removeDocument } from './remove-document.ts';
import { writeDocument, writtenReply } from './write-document.ts';

type SourcePorts = Pick<AdminPorts, 'configuration' | 'audit' | 'pulls' | 'now' | 'uuid'>;

export function sourceRoutes(ports: SourcePorts): Implementation[] {
  return [
    implement(putSource, async ({ params: { id }, body, document, precondition, actor }) => {
      requireSameId(id, body.id);
      const what = `The source "${id}"`;
      const write = { kind: 'source', id, document, precondition, actor, what } as const;
      return writtenReply(await writeDocument(ports, write));
    }),
    implement(deleteSource, ({ params: { id }, precondition, actor }) =>
      removeDocument(ports, {
        kind: 'source',
        id,
        precondition,
        actor,
        what: `The source "${id}"`,
      }),
    ),
    implement(pullSourceNow, async ({ params: { id }, actor }) => {
      if ((await ports.configuration.get('source', id)) === null) {
        throw new ProblemError('not_found', `The source "${id}" does not exist.`);
      }
      const at = ports.now().toISOString();
      const run = ports.uuid();
      await ports.audit.append(
        factOf({
          at,
          actor,
          action: 'source.pull',
          subject: id,
        }),
      );
      await ports.pulls.request({ source: id, run, actor, requestedAt: at, isScheduled: false });
      const location = `/v1/sources/${encodeURIComponent(id)}`;
      return json(202, { run, location }, { location });
    }),
  ];
}
