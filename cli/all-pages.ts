import * as z from 'zod';
import type { Client } from './client.ts';

const LIMIT = 200;

/** All items of a list of the API, page by page. */
export async function allPages<T>(
  client: Client,
  path: string,
  item: z.ZodType<T>,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<T[]> {
  const page = z.object({ items: z.array(item), nextCursor: z.string().nullable() });
  const items: T[] = [];
  for (let cursor: string | undefined; ; ) {
    const asked = { ...query, limit: LIMIT, cursor };
    const answer = page.parse((await client.send('GET', path, { query: asked })).body);
    items.push(...answer.items);
    if (answer.nextCursor === null) return items;
    cursor = answer.nextCursor;
  }
}
