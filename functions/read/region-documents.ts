import { ProblemError } from '../../lib/errors.ts';
import type { ConfigDocument } from '../../lib/ports/config-store.ts';
import { REGION_DOCUMENTS, regionDocumentId } from '../http/contracts/region-documents.ts';
import { etag, versionTag } from '../http/etag.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { itemPage } from './configuration.ts';
import type { ReadPorts } from './ports.ts';

/** Planned events and labelled shifts. */
export function regionDocumentRoutes({
  configuration,
}: Pick<ReadPorts, 'configuration'>): Implementation[] {
  return REGION_DOCUMENTS.flatMap(({ kind, path, name, list, get }) => {
    const ofRegion = async (region: string): Promise<ConfigDocument[]> => {
      const prefix = regionDocumentId(region, '');
      const all = await configuration.list(kind);
      return all
        .filter(({ id }) => id.startsWith(prefix))
        .map((document) => ({ ...document, id: document.id.slice(prefix.length) }));
    };
    return [
      implement(list, async ({ params: { region }, query }) =>
        json(200, itemPage(await ofRegion(region), `${path} ${region}`, query)),
      ),
      implement(get, async ({ params: { region, id } }) => {
        const present = await configuration.get(kind, regionDocumentId(region, id));
        if (present !== null) {
          return json(200, present.body, { etag: etag(versionTag(present)) });
        }
        const ids = (await ofRegion(region)).slice(0, 20).map((one) => one.id);
        const known = ids.length === 0 ? 'there is none yet' : `there are: ${ids.join(', ')}`;
        const message = `There is no ${name} "${id}" of region "${region}"; ${known}.`;
        throw new ProblemError('not_found', message);
      }),
    ];
  });
}
