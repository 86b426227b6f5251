import * as z from 'zod';
import { forecastResponse } from '../../../lib/capacity/forecast-answer.ts';
import { regionExhaustion } from '../../../lib/planning/region-answer.ts';
import { teamForecastsAnswer } from '../../../lib/planning/team-answer.ts';
import { contract } from '../contract.ts';
import { getRun, startRun } from './runs.ts';
import { commaList, metric, noParams, noQuery, region, runName } from './shared.ts';

export const startForecasts = startRun({
  key: 'POST /v1/forecasts',
  operationId: 'startForecasts',
  summary: 'Forecast every region and metric now, instead of tonight',
  tag: 'Forecasts',
  params: noParams,
  body: z.strictObject({}).prefault({}),
  problems: [409, 415],
});

export const getForecastRun = getRun({
  key: 'GET /v1/forecasts/runs/{name}',
  operationId: 'getForecastRun',
  summary: 'A run of the forecasts: how far it is, or why it failed',
  tag: 'Forecasts',
  params: z.strictObject({ name: runName }),
});

const level = z
  .string()
  .regex(/^0?\.\d{1,4}$/, 'A level between 0 and 1, such as 0.9.')
  .refine(
    (text) => Number(text) >= 0.01 && Number(text) <= 0.99,
    'Levels from 0.01 to 0.99 are told.',
  );

const horizon = z.coerce
  .number('Days ahead: a whole number from 1 to 365.')
  .int('Days ahead: a whole number from 1 to 365.')
  .min(1, 'At least 1 day.')
  .max(365, 'At most 365 days.')
  .default(90);

export const getForecast = contract({
  key: 'GET /v1/regions/{region}/forecasts/{metric}',
  servedBy: 'read',
  operationId: 'getForecast',
  summary: 'Daily demand ahead, and when it exceeds what is usable',
  description:
    'The newest forecast, made every night from the daily peaks: mean, 95 % band, quantiles, the model with its backtest error, and the dates by which demand has exceeded usable capacity with 10, 50 and 90 % probability.',
  tag: 'Forecasts',
  params: z.strictObject({ region, metric }),
  query: z.strictObject({
    horizon,
    quantiles: commaList(level).prefault('0.1,0.5,0.9'),
  }),
  body: null,
  responses: { 200: { description: 'The forecast.', schema: forecastResponse } },
  problems: [404],
});

export const getExhaustion = contract({
  key: 'GET /v1/regions/{region}/exhaustion',
  servedBy: 'read',
  operationId: 'getExhaustion',
  summary: 'When the first resource of a region runs out, and until when to order',
  description:
    'Of the newest forecast, by counting over simulated futures in which cores, RAM, planned events and capacity go together: each resource alone, whichever comes first, and which one that is. A null date lies beyond the horizon of a year.',
  tag: 'Forecasts',
  params: z.strictObject({ region }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'Days, dates and probabilities.', schema: regionExhaustion } },
  problems: [404],
});

export const getTeamForecasts = contract({
  key: 'GET /v1/regions/{region}/forecasts/{metric}/teams',
  servedBy: 'read',
  operationId: 'getTeamForecasts',
  summary: 'Mean demand of each team ahead; teams add up to their region',
  description:
    'Made every night: each team and their sum are forecast, and reconciled (MinT). Of averages, since peaks of teams do not add up. Teams are those of the shares in force on each day; what no team has is `unassigned`, and beyond 60 teams the smallest are told together.',
  tag: 'Forecasts',
  params: z.strictObject({ region, metric }),
  query: z.strictObject({ horizon, team: z.string().min(1).max(255).optional() }),
  body: null,
  responses: { 200: { description: 'The forecasts.', schema: teamForecastsAnswer } },
  problems: [404],
});
