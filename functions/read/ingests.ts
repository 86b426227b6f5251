import { ProblemError } from '../../lib/errors.ts';
import { isRegion } from '../../lib/identifiers.ts';
import { getIngest, listIngests } from '../http/contracts/ingests.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { ingestViews } from '../http/ingest-views.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

const LANDING_KEY = /^region=([^/]+)\//;

export function ingestRoutes(ports: Pick<ReadPorts, 'ledger' | 'partitions'>): Implementation[] {
  const { ledger, partitions } = ports;
  return [
    implement(listIngests, async ({ query }) => {
      const { region, key } = query;
      if ((region === undefined) === (key === undefined)) {
        throw new ProblemError(
          'invalid',
          'Give ?region= for the ingests of a region, or ?key= for that of one uploaded object.',
        );
      }
      if (region === undefined) return json(200, await byKey(key ?? ''));
      const list = `ingests ${region}`;
      const before = decodeCursor(list, query.cursor);
      const { items, next } = await ledger.list({
        region,
        limit: query.limit,
        ...(before === null ? {} : { before }),
      });
      return json(200, {
        items: await ingestViews(partitions, items),
        nextCursor: next === null ? null : encodeCursor(list, next),
      });
    }),
    implement(getIngest, async ({ params }) => {
      const found = await ledger.get(params.id);
      if (found === null) {
        throw new ProblemError(
          'not_found',
          `There is no ingest ${params.id}. One that was just accepted is here as soon as it is taken up, within seconds.`,
        );
      }
      return json(200, (await ingestViews(partitions, [found]))[0]);
    }),
  ];

  async function byKey(key: string) {
    const region = LANDING_KEY.exec(key)?.[1] ?? '';
    if (!isRegion(region)) {
      throw new ProblemError('invalid', `"${key}" is not a landing key: it starts with region=.`);
    }
    const found = await ledger.findByKey(region, key);
    const items = found === null ? [] : await ingestViews(partitions, [found]);
    return { items, nextCursor: null };
  }
}
