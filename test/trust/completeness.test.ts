import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeHandler } from '../../functions/close/close.ts';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { completenessOfDays } from '../../lib/completeness/completeness-of.ts';
import { CARD } from '../functions/closing-cloud.ts';
import { publisherRow } from '../lib/ingest/samples.ts';
import { type TrustServers, type TrustWorld, trustServers, WEST } from './world.ts';

let servers: TrustServers;
beforeAll(async () => {
  servers = await trustServers();
});
afterAll(() => servers.stop());

it('B12: a row twice in a file, or in two files, counts once; one reading with two values is told as a conflict', async () => {
  const world = await servers.world();
  const row = (volume: number, hour: string, id: string) =>
    publisherRow({ volume, timestamp: `2026-10-05T${hour}:00:00`, id });
  const keys = await world.land({
    'a.jsonl': [row(2, '10', 'a'), row(2, '10', 'a'), row(3, '11', 'b'), row(2, '11', 'c')].join(
      '\n',
    ),
    'b.jsonl': [row(2, '10', 'a'), row(5, '12', 'd')].join('\n'),
    'c.jsonl': row(4, '12', 'e'),
  });
  expect(await world.deliver(keys)).toEqual([]);
  const { ledger } = await world.outcome(keys);
  expect(ledger).toMatchObject([
    { counts: { read: 4, accepted: 2, duplicate: 1, conflict: 1 } },
    { counts: { read: 2, accepted: 2, duplicate: 0, conflict: 0 } },
    { counts: { read: 1, accepted: 1, duplicate: 0, conflict: 0 } },
  ]);
  await world.meterAll();
  const cores = (await world.usage()).filter((usage) => usage[3] === 'cores');
  // The greatest of a reading's values counts; the last holds for its interval of 300 s.
  expect(cores.map((usage) => [usage[5]?.slice(11, 16), Number(usage[6])])).toEqual([
    ['10:00', 2],
    ['11:00', 3],
    ['12:00', 0.416666666667],
  ]);
}, 60_000);

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Two sources that each poll three instances twice an hour, for eight days. */
function export8Days(isSilent: (source: string, day: number, hour: number) => boolean): string {
  const rows = ['agent-1', 'agent-2'].flatMap((source) =>
    [1, 2, 3, 4, 5, 6, 7, 8].flatMap((day) =>
      HOURS.filter((hour) => !isSilent(source, day, hour)).flatMap((hour) =>
        ['x', 'y', 'z'].flatMap((name) =>
          ['00', '30'].map((minute) => {
            const time = `2026-10-0${day}T${hour.toString().padStart(2, '0')}:${minute}:00`;
            return publisherRow({
              resource_id: `${source}-${name}`,
              timestamp: time,
              source,
              id: time,
            });
          }),
        ),
      ),
    ),
  );
  return rows.join('\n');
}

/** Without a card no month can be closed, whatever data there is. */
async function configureCard({ configuration }: TrustWorld): Promise<void> {
  if ((await configuration.get('rate-card', CARD.id)) !== null) return;
  const written = { actor: 'ann', updatedAt: '2026-11-21T00:00:00Z', expectedVersion: 0 };
  await configuration.put({ kind: 'rate-card', id: CARD.id, body: CARD, ...written });
}

async function close(world: TrustWorld, acceptGaps?: string) {
  await configureCard(world);
  const { ingestPorts, meteringPorts, table } = world;
  const handler = closeHandler({
    bills: dynamodbBillStore(table),
    regions: dynamodbRegions(table),
    ledger: ingestPorts.ledger,
    partitions: ingestPorts.partitions,
    lakeIndex: ingestPorts.lakeIndex,
    totals: meteringPorts.totals,
    configuration: world.configuration,
    audit: dynamodbAuditLog(table),
    documents: ingestPorts.lake,
    now: ingestPorts.now,
    patienceSeconds: 0,
    wait: async () => undefined,
    log: () => undefined,
  });
  const input = acceptGaps === undefined ? {} : { acceptGaps };
  return await handler({
    step: 'check',
    run: 'close-1',
    period: '2026-10',
    actor: 'ann',
    issue: false,
    input,
  });
}

it.each<[string, (source: string, day: number, hour: number) => boolean, string]>([
  [
    'a missing hour',
    (_source, day, hour) => day === 4 && hour === 11,
    'no readings in 2026-10-04 11:00-12:00 (UTC)',
  ],
  ['a missing day', (_source, day) => day === 4, 'no readings on 2026-10-04'],
  [
    'a source that is silent for three days',
    (source, day) => source === 'agent-2' && day >= 4 && day <= 6,
    'source "agent-2" delivered nothing on 2026-10-04, 2026-10-05, 2026-10-06',
  ],
])(
  'B13: %s is told, and refuses the close until somebody accepts it by name',
  async (_what, isSilent, told) => {
    const world = await servers.world();
    await world.deliver(await world.land({ 'a.jsonl': export8Days(isSilent) }));
    await world.meterAll();
    const days = await completenessOfDays({ ...world.meteringPorts }, WEST, {
      from: '2026-10-01',
      to: '2026-10-09',
    });
    const lacking = days.filter(
      ({ missingHours, silentSources, seen }) =>
        missingHours.length > 0 || (seen > 0 && silentSources.length > 0),
    );
    expect(lacking.length).toBeGreaterThan(0);
    await expect(close(world)).rejects.toThrow(`region west: ${told}`);
    expect(await close(world, 'hall 2 was off')).toMatchObject({ revision: 1 });
    const record = await dynamodbBillStore(world.table).getPeriod('2026-10');
    expect(record?.acceptedGaps).toMatchObject({
      reason: 'hall 2 was off',
      actor: 'ann',
      gaps: [`region west: ${told}`],
    });
  },
  120_000,
);

it('B13: days without a gap refuse nothing', async () => {
  const world = await servers.world();
  await world.deliver(await world.land({ 'a.jsonl': export8Days(() => false) }));
  await world.meterAll();
  expect(await close(world)).toMatchObject({ revision: 1 });
}, 60_000);
