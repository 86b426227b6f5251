import * as z from 'zod';
import { sourceSchema } from '../../../lib/sources/source.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { deleteOne, documentId, getOne, listItem, putOne, WRITE_DESCRIPTION } from './documents.ts';
import { count, instant, noParams, noQuery, page } from './shared.ts';

/** As stored: the document as it was sent. Its own schema has validated it on the way in. */
const storedSource = z
  .looseObject({ id: z.string(), region: z.string(), kind: z.string() })
  .meta({ title: 'StoredSource' });

const run = z.strictObject({
  id: z.string(),
  actor: z.string().describe('schedule, or who asked for it.'),
  startedAt: instant,
  finishedAt: instant,
  outcome: z
    .enum(['succeeded', 'failed', 'stopped'])
    .describe('stopped: there was no time left; it goes on within minutes.'),
  windows: count.describe('Windows of time that were asked for; a snapshot is one.'),
  requests: count.describe('HTTP requests, repetitions and tokens included.'),
  objectCount: count,
  newObjectCount: count.describe('Of them those that no run before had put.'),
  objects: z
    .array(
      z.strictObject({
        key: z.string(),
        ingestId: z.string(),
        sizeBytes: count,
        isNew: z.boolean(),
      }),
    )
    .describe('The last of them.'),
  error: z.string().nullable().describe('Why it failed, and what to do; null otherwise.'),
  warnings: z.array(z.string()),
});

const status = z
  .strictObject({
    pulledUntil: instant.nullable().describe('Everything before was pulled; null for snapshots.'),
    nextDueAt: instant
      .nullable()
      .describe('When it is pulled next; null when it is disabled, or never again.'),
    lastSuccessAt: instant.nullable(),
    failures: count.describe('Failed runs since the last that did not.'),
    lastRun: run.nullable(),
  })
  .meta({ title: 'SourceStatus' });

const view = listItem(storedSource).extend({ status }).meta({ title: 'Source' });

export const listSources = contract({
  key: 'GET /v1/sources',
  servedBy: 'read',
  operationId: 'listSources',
  summary: 'All sources that are pulled, by id, with how their last run went',
  tag: 'Sources',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  responses: { 200: { description: 'A page of sources.', schema: page(view) } },
  problems: [],
});

export const getSource = getOne(
  {
    key: 'GET /v1/sources/{id}',
    operationId: 'getSource',
    summary: 'A source with its version as ETag, and how its last run went',
    tag: 'Sources',
    params: documentId,
  },
  view,
  'source',
);

export const putSource = putOne(
  {
    key: 'PUT /v1/sources/{id}',
    operationId: 'putSource',
    summary: 'Write a source: what is pulled from OpenStack, from where and when',
    description: `Credentials stay in Secrets Manager; the source names their secret. With another region, address, kind or question it starts anew. ${WRITE_DESCRIPTION}`,
    tag: 'Sources',
    params: documentId,
    body: sourceSchema,
  },
  storedSource,
  'source',
);

export const deleteSource = deleteOne({
  key: 'DELETE /v1/sources/{id}',
  operationId: 'deleteSource',
  summary: 'Pull a source no more; what it gave stays',
  tag: 'Sources',
  params: documentId,
});

export const pullSourceNow = contract({
  key: 'POST /v1/sources/{id}/pull',
  servedBy: 'admin',
  operationId: 'pullSource',
  summary: 'Pull a source now, whatever its schedule says',
  tag: 'Sources',
  params: documentId,
  query: noQuery,
  body: z.strictObject({}).prefault({}),
  responses: {
    202: {
      description: 'Asked for; the source shows the run once it has ended.',
      schema: z.strictObject({
        run: z.string().describe('The id that the last run of the source will have.'),
        location: z.string().describe('Path to poll.'),
      }),
      headers: ['Location'],
    },
  },
  problems: [404, 415],
});
