import * as z from 'zod';
import { getRun, startRun } from './runs.ts';
import { noParams, region, runName } from './shared.ts';

export const startRebuild = startRun({
  key: 'POST /v1/rebuilds',
  operationId: 'startRebuild',
  summary: 'Make again what the table holds, from S3',
  description:
    'Restores the index of parts, tombstones, ledger, partitions (due for metering), capacity, imported demand, rated history, forecasts, closed months, bills and numbers; configuration is not touched. What stands is left as it is. A dry run only counts.',
  tag: 'Service',
  params: noParams,
  body: z
    .strictObject({
      region: region.optional().describe('Only this region, and no bills.'),
      dryRun: z.boolean().default(false),
    })
    .prefault({}),
  problems: [409, 415],
});

export const getRebuild = getRun({
  key: 'GET /v1/rebuilds/{name}',
  operationId: 'getRebuild',
  summary: 'A rebuild: how far it is, what it restored, or why it failed',
  tag: 'Service',
  params: z.strictObject({ name: runName }),
});
