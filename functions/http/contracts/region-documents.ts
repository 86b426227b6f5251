import * as z from 'zod';
import { labelledShiftSchema } from '../../../lib/planning/labelled-shift.ts';
import { plannedEventSchema } from '../../../lib/planning/planned-event.ts';
import type { ConfigKind } from '../../../lib/ports/config-store.ts';
import { contract, type RouteContract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { listItem, WRITE_DESCRIPTION, WRITE_PROBLEMS, written } from './documents.ts';
import { noQuery, page, region } from './shared.ts';

/** Configuration that belongs to a region; ids are unique within it. */
interface Described<S extends z.ZodType> {
  readonly kind: ConfigKind;
  /** Below the region, `events`. */
  readonly path: string;
  /** For operation ids, `Event`. */
  readonly title: string;
  /** In words, `event`. */
  readonly name: string;
  readonly body: S;
  readonly onDelete: string;
}

const ofRegion = z.strictObject({ region });
const oneOfRegion = z.strictObject({ region, id: z.string().min(1).max(180) });

function regionDocumentRoutes<S extends z.ZodType>(described: Described<S>) {
  const { path, title, name, body } = described;
  const stored = z
    .looseObject({ id: z.string(), region: z.string() })
    .meta({ title: `Stored${title}` });
  const of = { tag: 'Planning', query: noQuery } as const;
  return {
    ...described,
    list: contract({
      ...of,
      key: `GET /v1/regions/{region}/${path}`,
      servedBy: 'read',
      operationId: `list${title}s`,
      summary: `All ${path} of a region, by id`,
      params: ofRegion,
      query: z.strictObject(pageQuery),
      body: null,
      responses: { 200: { description: 'A page of them.', schema: page(listItem(stored)) } },
      problems: [],
    }),
    get: contract({
      ...of,
      key: `GET /v1/regions/{region}/${path}/{id}`,
      servedBy: 'read',
      operationId: `get${title}`,
      summary: `One ${name}, with its version as ETag`,
      params: oneOfRegion,
      body: null,
      responses: { 200: { description: `The ${name}.`, schema: stored, headers: ['ETag'] } },
      problems: [404],
    }),
    put: contract({
      ...of,
      key: `PUT /v1/regions/{region}/${path}/{id}`,
      servedBy: 'admin',
      operationId: `put${title}`,
      summary: `Write one ${name}; forecasts heed it from the next on`,
      description: WRITE_DESCRIPTION,
      params: oneOfRegion,
      body,
      versioned: true,
      responses: written(stored, name),
      problems: WRITE_PROBLEMS,
    }),
    remove: contract({
      ...of,
      key: `DELETE /v1/regions/{region}/${path}/{id}`,
      servedBy: 'admin',
      operationId: `delete${title}`,
      summary: described.onDelete,
      params: oneOfRegion,
      body: null,
      versioned: true,
      responses: { 204: { description: 'Gone.', schema: null } },
      problems: [404, 412, 428],
    }),
  };
}

export const EVENTS = regionDocumentRoutes({
  kind: 'event',
  path: 'events',
  title: 'Event',
  name: 'planned event',
  body: plannedEventSchema,
  onDelete: 'Take a planned event away; forecasts that were made keep it',
});

export const SHIFTS = regionDocumentRoutes({
  kind: 'shift',
  path: 'shifts',
  title: 'Shift',
  name: 'labelled shift',
  body: labelledShiftSchema,
  onDelete: 'Take a label away; the days it covered count as they were measured',
});

/** Every kind of document that belongs to a region. */
export const REGION_DOCUMENTS = [EVENTS, SHIFTS] as const;

export const regionDocumentContracts: readonly RouteContract[] = REGION_DOCUMENTS.flatMap(
  ({ list, get, put, remove }): RouteContract[] => [list, get, put, remove],
);

/** As the store has it: regions have no slash in their names. */
export function regionDocumentId(region: string, id: string): string {
  return `${region}/${id}`;
}
