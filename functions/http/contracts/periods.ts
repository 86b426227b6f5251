import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { reason } from './retraction.ts';
import { getRun, startRun } from './runs.ts';
import { count, instant, month, noParams, noQuery, page, runName } from './shared.ts';

const periodHead = {
  period: z.string(),
  state: z.enum(['open', 'draft', 'issued']),
  revision: count,
  sha256: z.string().nullable(),
  closedBy: z.string().nullable(),
  issuedBy: z.string().nullable(),
  closing: z.string().nullable().describe('Name of the close that is running now.'),
  lastFailure: z.string().nullable().describe('Why the last close failed, if it did.'),
  auditHead: z
    .strictObject({ seq: count, hash: z.string() })
    .nullable()
    .describe(
      'The last entry of the audit log before the last step of a close: it anchors the log.',
    ),
  updatedAt: instant.nullable().describe('Null when nothing was ever billed for it.'),
};

export const listPeriods = contract({
  key: 'GET /v1/periods',
  servedBy: 'read',
  operationId: 'listPeriods',
  summary: 'The months that were estimated, closed or issued, newest first',
  tag: 'Periods',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  responses: {
    200: { description: 'A page of months.', schema: page(z.strictObject(periodHead)) },
  },
  problems: [],
});

export const getPeriod = contract({
  key: 'GET /v1/periods/{period}',
  servedBy: 'read',
  operationId: 'getPeriod',
  summary: 'The state of a month, and whether its usage is complete',
  tag: 'Periods',
  params: z.strictObject({ period: month }),
  query: noQuery,
  body: null,
  responses: {
    200: {
      description: 'The month. One that has no data yet is open, and not complete.',
      schema: z.strictObject({
        ...periodHead,
        acceptedGaps: z
          .strictObject({
            reason: z.string(),
            actor: z.string(),
            at: instant,
            gaps: z.array(z.string()),
          })
          .nullable()
          .describe('Gaps that the month was closed with, who accepted them, and why.'),
        checks: z
          .array(
            z.strictObject({
              check: z.string().describe('unmapped, unrated, negative, jump or card-gap.'),
              message: z.string(),
              refuses: z.boolean().describe('Whether the billing settings let it refuse an issue.'),
            }),
          )
          .describe('What the last close reported of its bills.'),
        lateDays: z
          .array(
            z.strictObject({
              region: z.string(),
              date: z.string(),
              generation: z.strictObject({ billed: count, metered: count }),
            }),
          )
          .describe(
            'Of an issued month: days that were metered again since its bills were made. Notes that go out with a later month correct the bills.',
          ),
        complete: z.boolean().describe('Ended, everything ingested and metered.'),
        obstacles: z.array(z.string()).describe('What keeps it from being complete, in words.'),
        regions: z.array(
          z.strictObject({
            region: z.string(),
            daysWithData: count,
            daysWithoutData: z
              .array(z.string())
              .describe('Days of the month (so far) without any sample.'),
            daysNotMetered: z
              .array(z.string())
              .describe('Days whose newest samples are not in the usage yet.'),
            ingestsRunning: count,
            gaps: z
              .strictObject({
                missingHours: z.array(
                  z.strictObject({ date: z.string(), hours: z.array(z.number().int()) }),
                ),
                missingDays: z.array(z.string()),
                silentSources: z.array(
                  z.strictObject({ source: z.string(), days: z.array(z.string()) }),
                ),
              })
              .describe('What is missing without doubt: a close refuses it unless it is accepted.'),
          }),
        ),
      }),
    },
  },
  problems: [],
});

const acceptGaps = reason
  .optional()
  .describe('Why missing hours, days and sources are no reason to wait: kept with the month.');

export const closePeriod = startRun({
  key: 'POST /v1/periods/{period}/close',
  operationId: 'closePeriod',
  summary: 'Make the bills of a month: a new draft, issued at once if asked',
  description:
    'Refused (in the run) while samples of the month are being ingested or wait for metering, or where hours, days or sources are missing that nobody accepts. An issued month is returned as it is.',
  tag: 'Periods',
  params: z.strictObject({ period: month }),
  body: z.strictObject({ issue: z.boolean().default(false), acceptGaps }).prefault({}),
  problems: [409, 415, 422],
});

export const issuePeriod = startRun({
  key: 'POST /v1/periods/{period}/issue',
  operationId: 'issuePeriod',
  summary: 'Close a month and issue its bills: numbered, and never changed again',
  tag: 'Periods',
  params: z.strictObject({ period: month }),
  body: z.strictObject({ acceptGaps }).prefault({}),
  problems: [409, 415, 422],
});

export const getPeriodRun = getRun({
  key: 'GET /v1/periods/{period}/runs/{name}',
  operationId: 'getPeriodRun',
  summary: 'A run of a close: how far it is, or why it was refused',
  tag: 'Periods',
  params: z.strictObject({ period: month, name: runName }),
});
