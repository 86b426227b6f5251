import * as z from 'zod';
import { compareCards } from '../../lib/closing/compare-cards.ts';
import { type DryRunPorts, dryRunClose } from '../../lib/closing/dry-run.ts';
import { explainBills } from '../../lib/closing/explain-bills.ts';
import { type ExplainNotePorts, explainNotes } from '../../lib/closing/explain-notes.ts';
import { billsByLabel } from '../../lib/closing/label-costs.ts';
import { type VerifyPorts, verifyClose } from '../../lib/closing/verify-close.ts';
import { isMonth } from '../../lib/period/calendar.ts';
import type { JobRecord, JobStore } from '../../lib/ports/documents.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { finishJob } from './finish-job.ts';

export interface PeriodJobPorts {
  readonly jobs: JobStore;
  /** Where results are put, which expire. */
  readonly documents: Pick<ObjectStore, 'put'>;
  readonly closing: VerifyPorts & DryRunPorts & ExplainNotePorts;
  readonly now: () => Date;
}

const period = z.string().refine((text) => isMonth(text));
const Request = z.object({ period, team: z.string().nullish() });
const Question = z.object({
  period,
  team: z.string(),
  line: z.int().nullable(),
  corrects: period.nullish(),
});
const OtherCards = z.object({
  period,
  cards: z.array(z.unknown()).nullable(),
  withAdjustments: z.boolean(),
});

const Labelled = z.object({ period, label: z.string(), team: z.string().nullable() });

/**
 * Carries out a job on a month that changes nothing of it: verifies its bills, explains them or its notes, prices
 * them on other cards, tells them by a label, or closes it dry.
 *
 * @throws ProblemError what the caller can be told
 */
export async function periodJob(ports: PeriodJobPorts, job: JobRecord): Promise<JobRecord> {
  const resultKey = `exports/${job.id}.json`;
  return await finishJob(ports, job, async () => {
    const result = await resultOf(ports.closing, job);
    await ports.documents.put(resultKey, new TextEncoder().encode(JSON.stringify(result)), {
      contentType: 'application/json',
    });
    return { resultKey, rows: null };
  });
}

async function resultOf(closing: PeriodJobPorts['closing'], { kind, request }: JobRecord) {
  switch (kind) {
    case 'bill-explanation': {
      const { corrects, ...question } = Question.parse(request);
      return corrects
        ? explainNotes(closing, { ...question, corrects })
        : explainBills(closing, question);
    }
    case 'bill-comparison':
      return compareCards(closing, OtherCards.parse(request));
    case 'bill-label-costs':
      return billsByLabel(closing, Labelled.parse(request));
    case 'bill-verification': {
      const { team = null, ...of } = Request.parse(request);
      return verifyClose(closing, { ...of, team });
    }
    default:
      return dryRunClose(closing, Request.parse(request).period);
  }
}
