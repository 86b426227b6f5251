import * as z from 'zod';
import type { ConfigKind } from '../../../lib/ports/config-store.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { deleteOne, getOne, listItem, putOne } from './documents.ts';
import { page } from './shared.ts';

/** A kind of configuration: what it is called, and what a document of it may say. */
export interface Described<S extends z.ZodType> {
  /** As the store names the kind. */
  readonly kind: ConfigKind;
  /** Last part of the path and name of the list, `adjustments`. */
  readonly path: string;
  /** For operation ids, `Adjustment`. */
  readonly title: string;
  /** In words, `adjustment`. */
  readonly name: string;
  readonly body: S;
  readonly onDelete: string;
}

/** Where the documents of a kind lie, and what is said of them there. */
export interface Place<L extends z.ZodObject, O extends z.ZodObject> {
  /** Between `/v1` and the path of the kind. */
  readonly prefix: '' | '/regions/{region}';
  readonly tag: string;
  readonly listParams: L;
  readonly oneParams: O;
  /** The members that every stored document has. */
  readonly stored: Readonly<Record<string, z.ZodType>>;
  readonly listSummary: (path: string) => string;
  readonly putSummary: (name: string) => string;
}

/** The four routes of a kind of configuration: list, get, put and remove. */
export function documentRoutes<L extends z.ZodObject, O extends z.ZodObject, S extends z.ZodType>(
  place: Place<L, O>,
  described: Described<S>,
) {
  const { title, name, body } = described;
  const path = `/v1${place.prefix}/${described.path}` as const;
  const stored = z.looseObject(place.stored).meta({ title: `Stored${title}` });
  const one = { tag: place.tag, params: place.oneParams } as const;
  return {
    ...described,
    list: contract({
      key: `GET ${path}`,
      servedBy: 'read',
      operationId: `list${title}s`,
      summary: place.listSummary(described.path),
      tag: place.tag,
      params: place.listParams,
      query: z.strictObject(pageQuery),
      body: null,
      responses: { 200: { description: 'A page of them.', schema: page(listItem(stored)) } },
      problems: [],
    }),
    get: getOne(
      {
        ...one,
        key: `GET ${path}/{id}`,
        operationId: `get${title}`,
        summary: `One ${name}, with its version as ETag`,
      },
      stored,
      name,
    ),
    put: putOne(
      {
        ...one,
        key: `PUT ${path}/{id}`,
        operationId: `put${title}`,
        summary: place.putSummary(name),
        body,
      },
      stored,
      name,
    ),
    remove: deleteOne({
      ...one,
      key: `DELETE ${path}/{id}`,
      operationId: `delete${title}`,
      summary: described.onDelete,
    }),
  };
}
