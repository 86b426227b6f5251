import * as z from 'zod';
import { contract } from '../contract.ts';
import { noParams, noQuery } from './shared.ts';

export const getHealth = contract({
  key: 'GET /v1/health',
  servedBy: 'read',
  operationId: 'getHealth',
  summary: 'Whether the service answers, and which version it is',
  tag: 'Service',
  params: noParams,
  query: noQuery,
  body: null,
  responses: {
    200: {
      description: 'It does.',
      schema: z.strictObject({ status: z.literal('ok'), version: z.string() }),
    },
  },
  problems: [],
});

export const getOpenApi = contract({
  key: 'GET /v1/openapi.json',
  servedBy: 'read',
  operationId: 'getOpenApi',
  summary: 'This description, OpenAPI 3.1',
  tag: 'Service',
  params: noParams,
  query: noQuery,
  body: null,
  responses: {
    200: {
      description: 'The OpenAPI document.',
      schema: z.looseObject({ openapi: z.literal('3.1.1') }),
    },
  },
  problems: [],
});
