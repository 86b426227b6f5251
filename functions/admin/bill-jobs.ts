import type { Note } from '../../lib/billing/note.ts';
import { billsExtraSchema } from '../../lib/closing/bills-extra.ts';
import { ProblemError } from '../../lib/errors.ts';
import type { Month } from '../../lib/period/calendar.ts';
import { requireDistinctCards } from '../../lib/rating/card-calendar.ts';
import { exportBills } from '../http/contracts/bill-exports.ts';
import { compareBillCards, explainBill, tellLabelCosts } from '../http/contracts/bill-jobs.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { type JobPorts, startJob } from './start-job.ts';

/** A job is one item of the table, its request included. */
const CARDS_BYTES_MAX = 250_000;

/** Work on the bills of a month that changes nothing: its answer is a file that expires. */
export function billJobRoutes(ports: JobPorts & Pick<AdminPorts, 'bills'>): Implementation[] {
  return [
    implement(explainBill, async ({ params: { period }, body, actor }) => {
      const { team, line = null, corrects = null } = body;
      if (corrects === null) await requireBill(period, team);
      else await requireNote(period, team, corrects);
      const request = { period, team, line, corrects };
      return startJob(ports, { kind: 'bill-explanation', request, actor });
    }),
    implement(compareBillCards, async ({ params: { period }, body, document, actor }) => {
      const { cards = null } = document as { readonly cards?: readonly unknown[] };
      requireDistinctCards(body.cards ?? []);
      requireStorable(cards);
      await requireBills(period);
      const { withAdjustments } = body;
      const request = { period, cards, withAdjustments };
      return startJob(ports, { kind: 'bill-comparison', request, actor });
    }),
    implement(tellLabelCosts, async ({ params: { period }, body, actor }) => {
      const { label, team = null } = body;
      if (team === null) await requireBills(period);
      else await requireBill(period, team);
      const request = { period, label, team };
      return startJob(ports, { kind: 'bill-label-costs', request, actor });
    }),
    implement(exportBills, async ({ params: { period }, body: { format, team = null }, actor }) => {
      await requireBills(period);
      const request = { period, format, team };
      return startJob(ports, { kind: 'bill-export', request, actor });
    }),
  ];

  async function requireBills(period: Month): Promise<number> {
    const record = await ports.bills.getPeriod(period);
    const revision = record?.revision ?? 0;
    if (record !== null && (await ports.bills.getExtra(period, revision)) !== undefined)
      return revision;
    throw new ProblemError('not_found', `There are no bills of ${period}.`);
  }

  async function requireBill(period: Month, team: string): Promise<void> {
    const revision = await requireBills(period);
    if ((await ports.bills.getBill(period, revision, team)) !== null) return;
    throw new ProblemError('not_found', `Team "${team}" has no bill of ${period}.`);
  }

  async function requireNote(period: Month, team: string, corrects: Month): Promise<void> {
    const extra = await ports.bills.getExtra(period, await requireBills(period));
    const { notes } = billsExtraSchema.parse(extra);
    const isAsked = ({ note }: Note) => note.team === team && note.corrects.period === corrects;
    if (notes.some(isAsked)) return;
    throw new ProblemError(
      'not_found',
      `No note that corrects ${corrects} goes out to "${team}" with ${period}. GET /v1/notes?period=${period} lists those that do.`,
    );
  }
}

function requireStorable(cards: readonly unknown[] | null): void {
  const sizeBytes = new TextEncoder().encode(JSON.stringify(cards)).length;
  if (sizeBytes <= CARDS_BYTES_MAX) return;
  const message = `has ${sizeBytes} bytes, and at most ${CARDS_BYTES_MAX} are taken: leave out rules of measures that you do not compare`;
  throw new ProblemError('invalid', `The cards are too large: cards ${message}.`, [
    { pointer: '/cards', message },
  ]);
}
