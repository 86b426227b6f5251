import * as z from 'zod';
import { isOpaqueId } from '../../../lib/identifiers.ts';
import { NAME_KINDS } from '../../../lib/ports/names.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { count, noParams, noQuery, page } from './shared.ts';

export const MAX_NAMES = 2_000;

const kind = z.enum(NAME_KINDS, `One of ${NAME_KINDS.join(', ')}.`);
const id = z
  .string('The id that OpenStack knows it by.')
  .refine((text) => isOpaqueId(text) && text.isWellFormed(), 'Must be 1 to 255 bytes of UTF-8.');
const text = z
  .string()
  .min(1)
  .max(1_024)
  .refine((value) => value.isWellFormed(), 'Must be UTF-8 text.');

const name = z
  .strictObject({ kind, id: z.string(), name: z.string(), domain: z.string().nullable() })
  .meta({ title: 'Name' });

export const listNames = contract({
  key: 'GET /v1/names',
  servedBy: 'read',
  operationId: 'listNames',
  summary: 'What projects, users or resources are called, by id',
  tag: 'Configuration',
  params: noParams,
  query: z.strictObject({ kind: kind.default('project'), ...pageQuery }),
  body: null,
  responses: { 200: { description: 'A page of names.', schema: page(name) } },
  problems: [],
});

export const putNames = contract({
  key: 'PUT /v1/names',
  servedBy: 'admin',
  operationId: 'putNames',
  summary: 'Say what projects, users or resources are called',
  description:
    'Adds to the names that there are; the last that is told wins, and null forgets one. Usage and estimates show names as they are now; a closed month keeps those of its close.',
  tag: 'Configuration',
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    names: z
      .array(
        z.strictObject({
          kind,
          id,
          name: text.nullable().describe('Null: it is forgotten.'),
          domain: text.nullish(),
        }),
      )
      .min(1)
      .max(MAX_NAMES, `At most ${MAX_NAMES} at once: send the others after them.`),
  }),
  responses: {
    200: { description: 'They are kept.', schema: z.strictObject({ names: count }) },
  },
  problems: [413, 415],
});
