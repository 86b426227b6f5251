import * as z from 'zod';
import { contract } from '../contract.ts';
import { noParams, noQuery, region, run, runName, runStarted } from './shared.ts';

export const startRebuild = contract({
  key: 'POST /v1/rebuilds',
  servedBy: 'admin',
  operationId: 'startRebuild',
  summary: 'Make again what the table holds, from S3',
  description:
    'Restores the index of parts, tombstones, ledger, partitions (due for metering), capacity, imported demand, rated history, forecasts, closed months, bills and numbers; configuration is not touched. What stands is left as it is. A dry run only counts.',
  tag: 'Service',
  params: noParams,
  query: noQuery,
  body: z
    .strictObject({
      region: region.optional().describe('Only this region, and no bills.'),
      dryRun: z.boolean().default(false),
    })
    .prefault({}),
  responses: {
    202: {
      description: 'Started; poll its location.',
      schema: runStarted,
      headers: ['Location'],
    },
  },
  problems: [409, 415],
});

export const getRebuild = contract({
  key: 'GET /v1/rebuilds/{name}',
  servedBy: 'read',
  operationId: 'getRebuild',
  summary: 'A rebuild: how far it is, what it restored, or why it failed',
  tag: 'Service',
  params: z.strictObject({ name: runName }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The run.', schema: run } },
  problems: [404],
});
