import * as z from 'zod';
import { rateCardSchema } from '../../../lib/rating/rate-card.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { documentId, listItem, WRITE_DESCRIPTION, WRITE_PROBLEMS, written } from './documents.ts';
import { noParams, noQuery, page } from './shared.ts';

/** As stored: the document as it was sent. Its own schema has validated it on the way in. */
const storedCard = z
  .looseObject({ id: z.string(), currency: z.string(), effectiveFrom: z.string() })
  .meta({ title: 'StoredRateCard' });

export const listRateCards = contract({
  key: 'GET /v1/rate-cards',
  servedBy: 'read',
  operationId: 'listRateCards',
  summary: 'All rate cards, by id',
  tag: 'Configuration',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  responses: { 200: { description: 'A page of cards.', schema: page(listItem(storedCard)) } },
  problems: [],
});

export const getRateCard = contract({
  key: 'GET /v1/rate-cards/{id}',
  servedBy: 'read',
  operationId: 'getRateCard',
  summary: 'A rate card, with its version as ETag',
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The card.', schema: storedCard, headers: ['ETag'] } },
  problems: [404],
});

export const putRateCard = contract({
  key: 'PUT /v1/rate-cards/{id}',
  servedBy: 'admin',
  operationId: 'putRateCard',
  summary: 'Write a rate card',
  description: WRITE_DESCRIPTION,
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: rateCardSchema,
  versioned: true,
  responses: written(storedCard, 'card'),
  problems: WRITE_PROBLEMS,
});

export const deleteRateCard = contract({
  key: 'DELETE /v1/rate-cards/{id}',
  servedBy: 'admin',
  operationId: 'deleteRateCard',
  summary: 'Take a rate card away; issued bills keep what they cite',
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: null,
  versioned: true,
  responses: { 204: { description: 'Gone.', schema: null } },
  problems: [404, 412, 428],
});
