import * as z from 'zod';
import { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { rateCardSchema } from '../../../lib/rating/rate-card.ts';
import { teamSchema } from '../../../lib/rating/team.ts';
import { contract, type ProblemStatus, type RouteContract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { instant, noParams, noQuery, page, region } from './shared.ts';

const documentId = z.strictObject({ id: z.string().min(1).max(255) });

const WRITE_PROBLEMS: readonly ProblemStatus[] = [404, 412, 413, 415, 422, 428];

const WRITE_DESCRIPTION =
  'Creates it when there is none (with `If-None-Match: *`, only then: else 412). Replacing takes `If-Match` with the ETag that GET gave: 428 without, 412 when somebody else has written since. A document equal to the present one changes nothing and keeps its ETag.';

/** A list item says which version it is, since a list has no ETag for each. */
function listItem(document: z.ZodType) {
  return z.strictObject({
    id: z.string(),
    etag: z.string().describe('To send as If-Match.'),
    actor: z.string(),
    updatedAt: instant,
    document,
  });
}

function written(schema: z.ZodType, what: string): RouteContract['responses'] {
  return {
    200: { description: `The ${what} as it is now.`, schema, headers: ['ETag'] },
    201: { description: `The ${what} is new.`, schema, headers: ['ETag'] },
  };
}

/** As stored: the document as it was sent. Its own schema has validated it on the way in. */
const storedCard = z
  .looseObject({ id: z.string(), currency: z.string(), effectiveFrom: z.string() })
  .meta({ title: 'StoredRateCard' });
const storedTeam = z
  .looseObject({ id: z.string(), projects: z.array(z.unknown()) })
  .meta({ title: 'StoredTeam' });
const settings = RegionSettings.meta({ title: 'RegionSettings' });

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

export const getRateCard = contract({
  key: 'GET /v1/rate-cards/{id}',
  servedBy: 'read',
  operationId: 'getRateCard',
  summary: 'A rate card, with its version as ETag',
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The card.', schema: storedCard, headers: ['ETag'] } },
  problems: [404],
});

export const putRateCard = contract({
  key: 'PUT /v1/rate-cards/{id}',
  servedBy: 'admin',
  operationId: 'putRateCard',
  summary: 'Write a rate card',
  description: WRITE_DESCRIPTION,
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: rateCardSchema,
  versioned: true,
  responses: written(storedCard, 'card'),
  problems: WRITE_PROBLEMS,
});

export const deleteRateCard = contract({
  key: 'DELETE /v1/rate-cards/{id}',
  servedBy: 'admin',
  operationId: 'deleteRateCard',
  summary: 'Take a rate card away; issued bills keep what they cite',
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: null,
  versioned: true,
  responses: { 204: { description: 'Gone.', schema: null } },
  problems: [404, 412, 428],
});

export const listTeams = contract({
  key: 'GET /v1/teams',
  servedBy: 'read',
  operationId: 'listTeams',
  summary: 'All teams, by id; the ETag is that of the whole list',
  tag: 'Configuration',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  responses: {
    200: {
      description: 'A page of teams.',
      schema: page(listItem(storedTeam)),
      headers: ['ETag'],
    },
  },
  problems: [],
});

export const putTeams = contract({
  key: 'PUT /v1/teams',
  servedBy: 'admin',
  operationId: 'putTeams',
  summary: 'Write the whole list of teams at once; teams that are not in it are removed',
  description: `Shares are held against each other as a whole, so projects can move between teams. ${WRITE_DESCRIPTION}`,
  tag: 'Configuration',
  params: noParams,
  query: noQuery,
  body: z.array(teamSchema).max(5_000, 'At most 5,000 teams.'),
  versioned: true,
  responses: {
    200: {
      description: 'What became of each team.',
      schema: z.strictObject({
        created: z.array(z.string()),
        updated: z.array(z.string()),
        unchanged: z.array(z.string()),
        removed: z.array(z.string()),
      }),
      headers: ['ETag'],
    },
  },
  problems: [412, 413, 415, 422, 428],
});

export const getTeam = contract({
  key: 'GET /v1/teams/{id}',
  servedBy: 'read',
  operationId: 'getTeam',
  summary: 'A team, with its version as ETag',
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The team.', schema: storedTeam, headers: ['ETag'] } },
  problems: [404],
});

export const putTeam = contract({
  key: 'PUT /v1/teams/{id}',
  servedBy: 'admin',
  operationId: 'putTeam',
  summary: 'Write one team',
  description: WRITE_DESCRIPTION,
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: teamSchema,
  versioned: true,
  responses: written(storedTeam, 'team'),
  problems: WRITE_PROBLEMS,
});

export const deleteTeam = contract({
  key: 'DELETE /v1/teams/{id}',
  servedBy: 'admin',
  operationId: 'deleteTeam',
  summary: 'Take a team away; its projects become unassigned',
  tag: 'Configuration',
  params: documentId,
  query: noQuery,
  body: null,
  versioned: true,
  responses: { 204: { description: 'Gone.', schema: null } },
  problems: [404, 412, 428],
});

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
