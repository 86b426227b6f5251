import * as z from 'zod';
import { assert } from '../lib/assert.ts';
import type { Client, RequestOptions } from './client.ts';
import { region } from './responses/catalogue.ts';

/** As many as the API gives at once. */
const LIMIT = 200;

/** A list of the API: `item` is what the commands read of each of its items. */
interface List<T> {
  readonly path: string;
  readonly item: z.ZodType<T>;
  readonly query?: RequestOptions['query'];
}

/** A list of the API whose pages tell more than their items: `page` is what is read of each. */
interface PagedList<P> {
  readonly path: string;
  readonly page: z.ZodType<P>;
  readonly query?: RequestOptions['query'];
}

/** The pages of a list, asked for as they are needed. */
async function* eachPage<P extends { readonly nextCursor: string | null }>(
  client: Client,
  { path, page, query = {} }: PagedList<P>,
): AsyncGenerator<P> {
  for (let cursor: string | undefined; ; ) {
    const asked = { ...query, limit: LIMIT, cursor };
    const answer = page.parse((await client.send('GET', path, { query: asked })).body);
    yield answer;
    if (answer.nextCursor === null) return;
    cursor = answer.nextCursor;
  }
}

/** The items of a list, asked for as they are needed. */
export async function* eachItem<T>(client: Client, { item, ...list }: List<T>): AsyncGenerator<T> {
  const page = z.object({ items: z.array(item), nextCursor: z.string().nullable() });
  for await (const { items } of eachPage(client, { ...list, page })) yield* items;
}

/** All items of a list. */
export async function allItems<T>(client: Client, list: List<T>): Promise<T[]> {
  return await Array.fromAsync(eachItem(client, list));
}

/** All of a list whose pages tell more than their items: the first page, and the items of all. */
export async function wholeList<
  T,
  P extends { readonly items: readonly T[]; readonly nextCursor: string | null },
>(
  client: Client,
  list: PagedList<P>,
): Promise<{ readonly first: P; readonly items: P['items'][number][] }> {
  const pages = await Array.fromAsync(eachPage(client, list));
  const [first] = pages;
  assert(first !== undefined, 'a list has a first page');
  return { first, items: pages.flatMap((page) => page.items) };
}

/** The names of all regions that have data. */
export async function allRegions(client: Client): Promise<string[]> {
  const regions = await allItems(client, { path: '/v1/regions', item: region });
  return regions.map((one) => one.region);
}
