import * as z from 'zod';
import { teamSchema } from '../../../lib/rating/team.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { deleteOne, documentId, getOne, listItem, putOne, WRITE_DESCRIPTION } from './documents.ts';
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

export const getTeam = getOne(
  {
    key: 'GET /v1/teams/{id}',
    operationId: 'getTeam',
    summary: 'A team, with its version as ETag',
    tag: 'Configuration',
    params: documentId,
  },
  storedTeam,
  'team',
);

export const putTeam = putOne(
  {
    key: 'PUT /v1/teams/{id}',
    operationId: 'putTeam',
    summary: 'Write one team',
    tag: 'Configuration',
    params: documentId,
    body: teamSchema,
  },
  storedTeam,
  'team',
);

export const deleteTeam = deleteOne({
  key: 'DELETE /v1/teams/{id}',
  operationId: 'deleteTeam',
  summary: 'Take a team away; its projects become unassigned',
  tag: 'Configuration',
  params: documentId,
});
