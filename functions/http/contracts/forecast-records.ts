import * as z from 'zod';
import { trackRecord } from '../../../lib/records/track-record.ts';
import { contract } from '../contract.ts';
import { metric, noQuery, region } from './shared.ts';

const params = z.strictObject({ region, metric });

export const getForecastRecord = contract({
  key: 'GET /v1/regions/{region}/forecasts/{metric}/record',
  servedBy: 'read',
  operationId: 'getForecastRecord',
  summary: 'How past forecasts fared against what happened',
  description:
    'The forecasts of record of the last half year, by how many days ahead they were made: error, bias, pinball loss, how often the intervals held, and how right the probabilities of exhaustion were; beside what repeating the last week and a straight line (predict_linear) would have said of the same days. Scored every night.',
  tag: 'Forecasts',
  params,
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The record.', schema: trackRecord } },
  problems: [404],
});
