import * as z from 'zod';
import { contract } from '../contract.ts';
import { ingest, ingestId } from './ingests.ts';
import { noQuery } from './shared.ts';

/** Text that a person gives for the record. */
export const reason = z
  .string('A reason, for the record.')
  .trim()
  .min(1, 'A reason, for the record.')
  .max(1_000, 'At most 1,000 characters.');

export const retractIngest = contract({
  key: 'POST /v1/ingests/{id}/retract',
  servedBy: 'admin',
  operationId: 'retractIngest',
  summary: 'Withdraw an ingest: none of its rows count any more',
  description:
    'The days that it touched are metered again without it; bills that are issued stay as they are. Its object stays where it is, and is never taken up again: to take a retraction back, put the rows under another key. Retracting twice changes nothing.',
  tag: 'Ingest',
  params: z.strictObject({ id: ingestId }),
  query: noQuery,
  body: z.strictObject({ reason }),
  responses: {
    200: {
      description: 'The ingest, retracted; `retraction.metered` tells when usage is without it.',
      schema: ingest,
    },
  },
  problems: [404, 409, 415],
});
