import { ProblemError } from '../../lib/errors.ts';
import { REGION_DOCUMENTS, regionDocumentId } from '../http/contracts/region-documents.ts';
import { type Implementation, implement } from '../http/router.ts';
import { requireSameId } from './configuration.ts';
import type { AdminPorts } from './ports.ts';
import { removeDocument } from './remove-document.ts';
import { writeDocument, writtenReply } from './write-document.ts';

/** Planned events and labelled shifts. The region need not have data yet. */
export function regionDocumentRoutes(
  ports: Pick<AdminPorts, 'configuration' | 'now'>,
): Implementation[] {
  return REGION_DOCUMENTS.flatMap(({ kind, name, put, remove }) => [
    implement(put, async ({ params, body, document, precondition, actor }) => {
      const own = body as { readonly id: string; readonly region: string };
      requireSameId(params.id, own.id);
      requireSameRegion(params.region, own.region);
      const id = regionDocumentId(params.region, params.id);
      const what = `The ${name} "${params.id}" of region "${params.region}"`;
      return writtenReply(
        await writeDocument(ports, { kind, id, document, precondition, actor, what }),
      );
    }),
    implement(remove, ({ params, precondition, actor }) => {
      const id = regionDocumentId(params.region, params.id);
      const what = `The ${name} "${params.id}" of region "${params.region}"`;
      return removeDocument(ports, { kind, id, precondition, actor, what });
    }),
  ]);
}

function requireSameRegion(path: string, body: string): void {
  if (path === body) return;
  const message = `is "${body}", and the path names "${path}": they must be the same`;
  throw new ProblemError('invalid', `The region ${message}.`, [{ pointer: '/region', message }]);
}
