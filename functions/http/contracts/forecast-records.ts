import * as z from 'zod';
import { forecastChange } from '../../../lib/records/forecast-change.ts';
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

export const getForecastChange = contract({
  key: 'GET /v1/regions/{region}/forecasts/{metric}/change',
  servedBy: 'read',
  operationId: 'getForecastChange',
  summary: 'Why the forecast is another than a week before',
  description:
    'The median of demand 30, 90 and 180 days ahead, and the median date of exhaustion, as they were told a week before and are told now, and what of the difference is due to new data, other models, events (with labels and planning settings), and capacity: the inputs are replaced one after another, in this order. What is left of chance in drawing futures counts as data.',
  tag: 'Forecasts',
  params,
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The change.', schema: forecastChange } },
  problems: [404],
});
