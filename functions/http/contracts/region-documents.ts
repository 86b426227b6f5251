import * as z from 'zod';
import { labelledShiftSchema } from '../../../lib/planning/labelled-shift.ts';
import { plannedEventSchema } from '../../../lib/planning/planned-event.ts';
import type { RouteContract } from '../contract.ts';
import { documentRoutes, type Place } from './document-routes.ts';
import { region } from './shared.ts';

const OF_REGION = {
  prefix: '/regions/{region}',
  tag: 'Planning',
  listParams: z.strictObject({ region }),
  oneParams: z.strictObject({ region, id: z.string().min(1).max(180) }),
  stored: { id: z.string(), region: z.string() },
  listSummary: (path) => `All ${path} of a region, by id`,
  putSummary: (name) => `Write one ${name}; forecasts heed it from the next on`,
} satisfies Place<z.ZodObject, z.ZodObject>;

export const EVENTS = documentRoutes(OF_REGION, {
  kind: 'event',
  path: 'events',
  title: 'Event',
  name: 'planned event',
  body: plannedEventSchema,
  onDelete: 'Take a planned event away; forecasts that were made keep it',
});

export const SHIFTS = documentRoutes(OF_REGION, {
  kind: 'shift',
  path: 'shifts',
  title: 'Shift',
  name: 'labelled shift',
  body: labelledShiftSchema,
  onDelete: 'Take a label away; the days it covered count as they were measured',
});

/** Every kind of document that belongs to a region; ids are unique within it. */
export const REGION_DOCUMENTS = [EVENTS, SHIFTS] as const;

export const regionDocumentContracts: readonly RouteContract[] = REGION_DOCUMENTS.flatMap(
  ({ list, get, put, remove }): RouteContract[] => [list, get, put, remove],
);

/** As the store has it: regions have no slash in their names. */
export function regionDocumentId(region: string, id: string): string {
  return `${region}/${id}`;
}
