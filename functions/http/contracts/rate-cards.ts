import * as z from 'zod';
import { rateCardSchema } from '../../../lib/rating/rate-card.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { deleteOne, documentId, getOne, listItem, putOne } from './documents.ts';
import { noParams, page } from './shared.ts';

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

export const getRateCard = getOne(
  {
    key: 'GET /v1/rate-cards/{id}',
    operationId: 'getRateCard',
    summary: 'A rate card, with its version as ETag',
    tag: 'Configuration',
    params: documentId,
  },
  storedCard,
  'card',
);

export const putRateCard = putOne(
  {
    key: 'PUT /v1/rate-cards/{id}',
    operationId: 'putRateCard',
    summary: 'Write a rate card',
    tag: 'Configuration',
    params: documentId,
    body: rateCardSchema,
  },
  storedCard,
  'card',
);

export const deleteRateCard = deleteOne({
  key: 'DELETE /v1/rate-cards/{id}',
  operationId: 'deleteRateCard',
  summary: 'Take a rate card away; issued bills keep what they cite',
  tag: 'Configuration',
  params: documentId,
});
