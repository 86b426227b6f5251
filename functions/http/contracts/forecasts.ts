import * as z from 'zod';
import { contract } from '../contract.ts';
import { noParams, noQuery, run, runName, runStarted } from './shared.ts';

export const startForecasts = contract({
  key: 'POST /v1/forecasts',
  servedBy: 'admin',
  operationId: 'startForecasts',
  summary: 'Forecast every region and metric now, instead of tonight',
  tag: 'Forecasts',
  params: noParams,
  query: noQuery,
  body: z.strictObject({}).prefault({}),
  responses: {
    202: {
      description: 'Started; poll its location.',
      schema: runStarted,
      headers: ['Location'],
    },
  },
  problems: [409, 415],
});

export const getForecastRun = contract({
  key: 'GET /v1/forecasts/runs/{name}',
  servedBy: 'read',
  operationId: 'getForecastRun',
  summary: 'A run of the forecasts: how far it is, or why it failed',
  tag: 'Forecasts',
  params: z.strictObject({ name: runName }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The run.', schema: run } },
  problems: [404],
});
