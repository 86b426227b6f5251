import { expect, it } from 'vitest';
import * as z from 'zod';
import { rateCardSchema } from '../../../lib/rating/rate-card.ts';
import { teamSchema } from '../../../lib/rating/team.ts';

it('cards and teams can be described as they are written, for the API document', () => {
  const written = z.toJSONSchema(rateCardSchema, { io: 'input' });
  expect(written).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: ['id', 'currency', 'effectiveFrom', 'rules'],
    properties: { effectiveFrom: { type: 'string' } },
  });
  expect(z.toJSONSchema(teamSchema, { io: 'input' })).toMatchObject({
    required: ['id', 'projects'],
  });
});
