import { expect, it } from 'vitest';
import { byMonth } from '../../../lib/rated-history/monthly.ts';
import { retractionWorld, WEST } from '../retraction/retraction-world.ts';

const SAMPLE = {
  name: 'vcpus',
  type: 'gauge',
  unit: 'vcpu',
  volume: 2,
  user_id: 'u',
  project_id: 'p1',
  resource_id: 'vm1',
  timestamp: '2026-09-01T10:00:00',
  resource_metadata: {},
  source: 'openstack',
  id: 'm1',
};
const RATED = {
  period: { begin: '2026-09-01T10:00:00Z', end: '2026-09-01T11:00:00Z' },
  usage: {
    vcpus: [
      {
        vol: { unit: 'vcpu', qty: 99 },
        rating: { price: 99 },
        groupby: { project_id: 'p1', id: 'vm1' },
        metadata: {},
      },
    ],
  },
};

async function months(world: ReturnType<typeof retractionWorld>) {
  return byMonth(await world.ratedDays.list(WEST, '2026-01-01', '2027-01-01'));
}

it('what CloudKitty rated adds nothing to usage, which is all that bills are made of', async () => {
  const plain = retractionWorld();
  await plain.ingest({ 'samples.json': JSON.stringify(SAMPLE) });
  await plain.meter();
  const usage = await plain.usage();
  expect(usage).not.toEqual([]);

  const world = retractionWorld();
  await world.ingest({
    'samples.json': JSON.stringify(SAMPLE),
    'rated.json': JSON.stringify(RATED),
  });
  await world.meter();
  expect(await world.usage()).toEqual(usage);
  expect(await months(world)).toMatchObject([{ price: '99', rows: 1 }]);
});

it('is taken back when its ingest is retracted, and nothing is metered for it', async () => {
  const world = retractionWorld();
  const [ingest] = await world.ingest({ 'rated.json': JSON.stringify(RATED) });
  expect(await world.meter()).toBe(0);
  await world.retract(ingest?.id ?? '');
  expect(await months(world)).toEqual([]);
  expect((await world.ports.ledger.get(ingest?.id ?? ''))?.state).toBe('retracted');
  await world.ingest({ 'again.json': JSON.stringify(RATED) });
  expect(await months(world)).toMatchObject([{ price: '99', rows: 1 }]);
});
