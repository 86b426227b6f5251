import { CONFIGURED_DOCUMENTS } from '../http/contracts/configured-documents.ts';
import { type Implementation, implement } from '../http/router.ts';
import { requireSameId } from './configuration.ts';
import type { AdminPorts } from './ports.ts';
import { removeDocument } from './remove-document.ts';
import { writeDocument, writtenReply } from './write-document.ts';

/** Adjustments, cost pools and exchange rates: their schemas have said all that can be wrong with one of them. */
export function configuredDocumentRoutes(
  ports: Pick<AdminPorts, 'configuration' | 'now'>,
): Implementation[] {
  return CONFIGURED_DOCUMENTS.flatMap(({ kind, name, put, remove }) => [
    implement(put, async ({ params: { id }, body, document, precondition, actor }) => {
      requireSameId(id, (body as { readonly id: string }).id);
      const what = `The ${name} "${id}"`;
      return writtenReply(
        await writeDocument(ports, { kind, id, document, precondition, actor, what }),
      );
    }),
    implement(remove, ({ params: { id }, precondition, actor }) =>
      removeDocument(ports, { kind, id, precondition, actor, what: `The ${name} "${id}"` }),
    ),
  ]);
}
