import * as z from 'zod';
import { contract } from '../contract.ts';
import { count, day, region } from './shared.ts';

const hours = z.array(z.number().int().min(0).max(23)).describe('Hours of the day, UTC.');

export const getCompleteness = contract({
  key: 'GET /v1/regions/{region}/completeness',
  servedBy: 'read',
  operationId: 'getCompleteness',
  summary: 'How whole the samples of a region are, by day',
  description:
    'A series is a resource and a meter. It is expected while it was read before and not deleted. Told by metering: of a day that waits for metering, as it was before.',
  tag: 'Usage',
  params: z.strictObject({ region }),
  query: z.strictObject({ from: day, to: day.describe('The day after the last.') }),
  body: null,
  responses: {
    200: {
      description: 'The days, as far as they have passed.',
      schema: z.strictObject({
        items: z.array(
          z.strictObject({
            date: z.string(),
            expected: count
              .nullable()
              .describe(
                'Series that were read shortly before the day and not deleted; null when nothing tells.',
              ),
            seen: count.describe('Series with a reading on the day.'),
            missing: count.describe('Of the expected, those without a reading and not deleted.'),
            emptyHours: hours.describe('Hours in which series are expected and none was read.'),
            lowHours: hours.describe('Hours in which fewer than half of the series were read.'),
            silentSources: z
              .array(z.string())
              .describe(
                'Sources of samples that delivered on two days running before, and not since; for a week.',
              ),
            missingHours: hours.describe(
              'Of the empty hours, those that a close refuses: data followed, and enough series that are polled hourly lack them.',
            ),
          }),
        ),
      }),
    },
  },
  problems: [404],
});
