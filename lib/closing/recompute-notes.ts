import { assert } from '../assert.ts';
import { correctionNotes } from '../billing/corrections.ts';
import { sha256OfJson } from '../billing/sha256.ts';
import type { Month } from '../period/calendar.ts';
import type { BillStore } from '../ports/documents.ts';
import { type BillsExtra, billsExtraSchema } from './bills-extra.ts';
import { issuedBillsOf } from './issued-bills.ts';
import type { Manifest } from './manifest.ts';
import { type RecomputePorts, recomputeMonth } from './recompute.ts';

interface Ports extends RecomputePorts {
  readonly bills: Pick<BillStore, 'getPeriod' | 'listBills' | 'getExtra'>;
}

interface RecomputedNote {
  readonly team: string;
  readonly total: string;
  readonly corrects: Month;
  readonly sha256: string;
}

/** The notes on an issued month, from what the manifest says that they were made from. */
export async function recomputeNotes(
  ports: Ports,
  correction: Manifest['corrections'][number],
): Promise<RecomputedNote[]> {
  const { period, before } = correction;
  const now = await recomputeMonth(ports, period, correction);
  const issued = await issuedBillsOf(ports.bills, period);
  const earlier = await Promise.all(before.map((by) => notesIssuedWith(ports, by)));
  const notes = earlier.flatMap(({ notes: all }) =>
    all.filter(({ note }) => note.corrects.period === period),
  );
  const unrated = earlier.flatMap(({ corrections }) =>
    corrections.filter((one) => one.period === period).map((one) => one.unrated),
  );
  const bodies = correctionNotes({
    period,
    currency: now.currency,
    issued: issued.bills,
    unratedThen: unrated.at(-1) ?? issued.unrated,
    notes: notes.map(({ note }) => note),
    bills: now.bills.map(({ bill }) => bill),
    unratedNow: now.unrated,
  });
  return Promise.all(
    bodies.map(async (note) => ({
      team: note.team,
      total: note.total,
      corrects: period,
      sha256: await sha256OfJson(note),
    })),
  );
}

async function notesIssuedWith({ bills }: Ports, period: Month): Promise<BillsExtra> {
  const record = await bills.getPeriod(period);
  assert(record?.state === 'issued', `notes of ${period} count, so it is issued`);
  return billsExtraSchema.parse(await bills.getExtra(period, record.revision));
}
