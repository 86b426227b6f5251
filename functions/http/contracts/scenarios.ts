import * as z from 'zod';
import { scenarioSchema } from '../../../lib/scenarios/scenario.ts';
import { scenarioAnswer } from '../../../lib/scenarios/scenario-answer.ts';
import { contract } from '../contract.ts';
import { documentId } from './documents.ts';
import { noParams, noQuery } from './shared.ts';

const DESCRIPTION =
  'The forecast of each region beside what it would be: with more growth, other events, host orders, allocation ratios, reserve, a mix of flavors that new demand comes in, or a region lost whose demand the others take. Made from what is known now; nothing is kept.';

const responses = {
  200: { description: 'Base and scenario, side by side.', schema: scenarioAnswer },
};

export const askScenario = contract({
  key: 'POST /v1/scenarios',
  servedBy: 'scenario',
  operationId: 'askScenario',
  summary: 'What would be if: beside the forecast, and kept nowhere',
  description: `${DESCRIPTION} To save it, PUT it to /v1/scenarios/{id}.`,
  tag: 'Scenarios',
  params: noParams,
  query: noQuery,
  body: scenarioSchema,
  responses,
  problems: [413, 415, 422],
});

export const getScenarioAnswer = contract({
  key: 'GET /v1/scenario-answer',
  servedBy: 'scenario',
  operationId: 'getScenarioAnswer',
  summary: 'The same by an address that can be shared',
  description: `${DESCRIPTION} The address is the \`url\` of the answer to POST /v1/scenarios.`,
  tag: 'Scenarios',
  params: noParams,
  query: z.strictObject({
    scenario: z.string().min(2).max(8_000).describe('The JSON of the scenario, URL-encoded.'),
  }),
  body: null,
  responses,
  problems: [422],
});

export const getSavedScenarioAnswer = contract({
  key: 'GET /v1/scenarios/{id}/answer',
  servedBy: 'scenario',
  operationId: 'getSavedScenarioAnswer',
  summary: 'The answer of a saved scenario, as of now',
  description: DESCRIPTION,
  tag: 'Scenarios',
  params: documentId,
  query: noQuery,
  body: null,
  responses,
  problems: [404, 422],
});
