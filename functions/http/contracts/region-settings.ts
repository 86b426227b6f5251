import * as z from 'zod';
import { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { contract } from '../contract.ts';
import { WRITE_DESCRIPTION, written } from './documents.ts';
import { noQuery, region } from './shared.ts';

const settings = RegionSettings.meta({ title: 'RegionSettings' });

export const getRegionSettings = contract({
  key: 'GET /v1/regions/{region}/settings',
  servedBy: 'read',
  operationId: 'getRegionSettings',
  summary: 'How a region is metered and planned; defaults and no ETag when nothing was set',
  tag: 'Configuration',
  params: z.strictObject({ region }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The settings.', schema: settings, headers: ['ETag'] } },
  problems: [],
});

export const putRegionSettings = contract({
  key: 'PUT /v1/regions/{region}/settings',
  servedBy: 'admin',
  operationId: 'putRegionSettings',
  summary: 'Write the settings of a region; days that they change are metered again',
  description: `The region need not have data yet. ${WRITE_DESCRIPTION}`,
  tag: 'Configuration',
  params: z.strictObject({ region }),
  query: noQuery,
  body: RegionSettings,
  versioned: true,
  responses: written(settings, 'settings'),
  problems: [412, 413, 415, 422, 428],
});
