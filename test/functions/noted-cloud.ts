import { memoryRetractions } from '../../lib/adapters/memory/retractions.ts';
import { explainNotes } from '../../lib/closing/explain-notes.ts';
import type { NoteQuestion } from '../../lib/closing/standing-notes.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { monthCloser } from './close-months.ts';
import { closingCloud, usageRow, WEST } from './closing-cloud.ts';

/** What comes for a day of October once it is issued: 100 hours more of p1. */
export const LATE = [
  usageRow('p1', '2026-10-06T00:00:00Z', '50.5'),
  usageRow('p1', '2026-10-06T01:00:00Z', '100'),
];

/** October is issued, and November and December are metered. */
export async function notedCloud() {
  const cloud = await closingCloud();
  cloud.clock.now = new Date('2027-01-03T02:00:00Z');
  const retractions = memoryRetractions();
  const close = monthCloser(cloud.ports);
  await close('2026-10', { issue: true });
  await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
  await cloud.meter('2026-12-05', [usageRow('p1', '2026-12-05T00:00:00Z', '80')]);
  return { cloud, close, explain, textOf, withdraw };

  /** Unless it is said, the note of "payments" on October that goes out with November. */
  function explain(question: Partial<NoteQuestion> = {}) {
    const { audit, documents, ports, ledger } = cloud;
    return explainNotes(
      { ...ports, audit, documents, lake: documents, ledger, retractions },
      { period: '2026-11', team: 'payments', corrects: '2026-10', line: null, ...question },
    );
  }

  /** Words of the first line, as one text. */
  async function textOf(question: Partial<NoteQuestion> = {}): Promise<string> {
    return (await explain(question)).lines[0]?.text.join('\n') ?? '';
  }

  /** An ingest with rows of the day, withdrawn by bob. */
  async function withdraw(ingestId: string, date: string, at: string): Promise<void> {
    const retraction = { actor: 'bob', at, reason: 'the file of another region' };
    await retractions.add({
      ...{ ingestId, region: WEST, key: 'k', sha256: 'x', days: [date], retractedAt: at },
      ...{ actor: 'bob', reason: retraction.reason },
    });
    await cloud.ledger.put({
      ...{ id: ingestId, region: WEST, key: 'k', sha256: 'x', sizeBytes: 1, format: 'f' },
      ...{ state: 'retracted', reasons: [], problem: null, quarantineKey: null, actor: 'ann' },
      counts: { read: 0, accepted: 0, duplicate: 0, conflict: 0, quarantined: 0, unmetered: 0 },
      touched: [{ date, shard: 0, generation: 2 }],
      ...{ receivedAt: '2026-10-07T00:00:00Z', finishedAt: null, retraction },
    } satisfies Ingest);
  }
}
