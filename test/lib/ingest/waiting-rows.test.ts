import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import { ingestWorld } from './ingest-world.ts';

const limits = { ...DEFAULT_LIMITS, waitingRowsMax: 3 };

async function ingested(rows: readonly (string | object)[]) {
  const world = ingestWorld({ limits });
  const text = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  const [ingest] = await world.ingest({ x: text.join('\n') });
  return ingest;
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);
const hour = (at: number) => new Date(Date.UTC(2026, 9, 5) + at * 3_600_000).toISOString();
const head = { region: 'west', observedAt: '2026-11-21T10:00:00Z' };

describe('rows that wait in memory until their object ends', () => {
  it.each([
    {
      name: 'servers of a scrape',
      rows: (count: number) =>
        numbered(count).map(
          (id) => `openstack_nova_server_status{uuid="s${id}",tenant_id="p",flavor_id="f"} 0`,
        ),
      code: 'too_many_series',
    },
    {
      name: 'disks of servers',
      rows: (count: number) => [
        'openstack_cinder_volume_gb{id="v",tenant_id="p"} 1',
        ...numbered(count).map((id) => `openstack_nova_server_local_gb{id="s${id}"} 1`),
      ],
      code: 'too_many_series',
    },
    {
      name: 'hosts of a scrape',
      rows: (count: number) =>
        numbered(count).map((id) => `openstack_nova_vcpus_available{hostname="h${id}"} 1`),
      code: 'too_many_series',
    },
    {
      name: 'hosts of a snapshot',
      rows: (count: number) =>
        numbered(count).map((id) => ({
          ...head,
          source: 'placement',
          resourceProvider: `h${id}`,
          body: { inventories: { VCPU: { total: 1 } } },
        })),
      code: 'too_many_answers',
    },
    {
      name: 'rated rows',
      rows: (count: number) =>
        numbered(count).map((id) => ({
          period: { begin: hour(id), end: hour(id + 1) },
          usage: { a: [{ vol: { unit: 'u', qty: 1 }, rating: { price: 1 }, groupby: {} }] },
        })),
      code: 'too_many_rated_rows',
    },
    {
      name: 'measures, of which ten are as one row',
      rows: (count: number) => [
        {
          region: 'west',
          metric: 'cores',
          operation: 'sum',
          body: numbered(count * 9 + 3).map((at) => [hour(at), 3_600, 1]),
        },
      ],
      code: 'too_many_measures',
    },
  ])('are bounded: $name', async ({ rows, code }) => {
    expect(await ingested(rows(3))).toMatchObject({ state: 'ingested' });
    const refused = await ingested(rows(4));
    expect(refused).toMatchObject({ state: 'refused', counts: { read: 0 } });
    expect(refused?.reasons.map((reason) => reason.code)).toEqual([code]);
    expect(refused?.problem).toMatch(/Send|Export/);
  });
});
