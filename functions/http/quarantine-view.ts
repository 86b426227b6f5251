import type { Ingest, Ledger } from '../../lib/ports/ledger.ts';

/** An ingest with refused rows, and what became of those that were sent again. */
export async function quarantineView(ledger: Pick<Ledger, 'replaysOf'>, ingest: Ingest) {
  const { id, region, key, state, format, actor, receivedAt, counts, reasons } = ingest;
  const replays = await ledger.replaysOf(id);
  return {
    ingestId: id,
    region,
    key,
    state,
    format,
    actor,
    receivedAt,
    read: counts.read,
    quarantined: counts.quarantined,
    reasons,
    replays: replays.map((replay) => {
      const { unmetered: _unmetered, ...told } = replay.counts;
      return { ingestId: replay.id, state: replay.state, ...told };
    }),
  };
}
