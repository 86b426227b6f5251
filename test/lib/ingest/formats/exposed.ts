import type { Ingest } from '../../../../lib/ports/ledger.ts';
import { ingestWorld, WEST } from '../ingest-world.ts';
import { samplesOf } from '../lake-samples.ts';

/** Ingests what openstack-exporter exposes. */
export async function exposed(...lines: readonly string[]) {
  const world = ingestWorld();
  const [ingest] = await world.ingest({ 'scrape.prom': `${lines.join('\n')}\n` });
  if (!ingest) throw new Error('nothing was ingested');
  return {
    ingest,
    samples: await samplesOf(world),
    snapshots: await world.ports.capacity.latest(WEST),
  };
}

/** Rows that are accounted for. */
export function told({ counts }: Ingest): number {
  return counts.accepted + counts.duplicate + counts.conflict + counts.quarantined;
}
