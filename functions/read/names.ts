import { listNames } from '../http/contracts/names.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

export function nameRoutes(ports: Pick<ReadPorts, 'names'>): Implementation[] {
  return [
    implement(listNames, async ({ query: { kind, limit, cursor } }) => {
      const list = `names ${kind}`;
      const after = decodeCursor(list, cursor);
      const found = await ports.names.list(kind, { after, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const more = found.length > limit && last !== undefined;
      return json(200, { items, nextCursor: more ? encodeCursor(list, last.id) : null });
    }),
  ];
}
