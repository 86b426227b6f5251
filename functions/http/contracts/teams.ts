import * as z from 'zod';
import { teamSchema } from '../../../lib/rating/team.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { documentId, listItem, WRITE_DESCRIPTION, WRITE_PROBLEMS, written } from './documents.ts';
import { noParams, noQuery, page } from './shared.ts';

/** As stored: the document as it was sent. Its own schema has validated it on the way in. */
const storedTeam = z
  .looseObject({ id: z.string(), projects: z.array(z.unknown()) })
  .meta({ title: 'StoredTeam' });

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
