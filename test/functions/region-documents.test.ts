import { describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import { regionExhaustion } from '../../lib/planning/region-answer.ts';
import { regionForecast } from '../../lib/planning/region-forecast.ts';
import { growingInputs } from '../lib/planning/growing-region.ts';
import { memoryApi } from './api.ts';

const LAUNCH = {
  id: 'shop',
  region: 'west',
  kind: 'launch',
  date: '2027-01-15',
  size: { cores: { low: 100, mid: 200, high: 400 } },
  probability: 0.8,
};
const SHIFT = { id: 'move', region: 'west', label: 'permanent', date: '2026-09-01' };

describe.each([
  ['a planned event', 'events', LAUNCH, { ...LAUNCH, probability: 1 }, 'event'],
  ['a labelled shift', 'shifts', SHIFT, { ...SHIFT, note: 'payments moved in' }, 'shift'],
] as const)('%s', (_name, path, first, second, kind) => {
  const url = `/v1/regions/west/${path}/${first.id}`;

  it('is created, replaced by whoever has seen it, listed and taken away, each with its author', async () => {
    const { ask, ports } = memoryApi();
    const headers = { 'x-headroom-actor': 'ada' };
    const created = await ask(`PUT ${url}`, { body: first, headers });
    expect(created).toMatchObject({ status: 201, headers: { etag: '"1"' }, body: first });
    expect((await ask(`PUT ${url}`, { body: second, headers })).status).toBe(428);
    const seen = { ...headers, 'if-match': '"1"' };
    expect((await ask(`PUT ${url}`, { body: second, headers: seen })).status).toBe(200);
    expect((await ask(`GET ${url}`)).body).toEqual(second);
    const { body } = await ask(`GET /v1/regions/west/${path}`);
    expect(body).toMatchObject({ items: [{ id: first.id, actor: 'ada', document: second }] });
    const gone = await ask(`DELETE ${url}`, { headers: { ...headers, 'if-match': '"2"' } });
    expect(gone.status).toBe(204);
    expect((await ask(`GET ${url}`)).status).toBe(404);
    expect(ports.audit.entries.map(({ action, subject }) => [action, subject])).toEqual([
      [`${kind}.put`, `west/${first.id}`],
      [`${kind}.put`, `west/${first.id}`],
      [`${kind}.delete`, `west/${first.id}`],
    ]);
  });

  it('belongs to its region: another has its own of the same id', async () => {
    const { ask } = memoryApi();
    await ask(`PUT ${url}`, { body: first });
    const eastern = { ...first, region: 'east' };
    const east = await ask(`PUT /v1/regions/east/${path}/${first.id}`, { body: eastern });
    expect(east.status).toBe(201);
    const { body } = await ask(`GET /v1/regions/east/${path}`);
    expect(body).toMatchObject({ items: [{ id: first.id, document: { region: 'east' } }] });
    const missing = await ask(`GET /v1/regions/east/${path}/other`);
    expect(missing).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining(`there are: ${first.id}.`) },
    });
  });

  it('must have the id and the region of its path', async () => {
    const { ask } = memoryApi();
    const other = await ask(`PUT /v1/regions/west/${path}/other`, { body: first });
    expect(other).toMatchObject({ status: 400, body: { errors: [{ pointer: '/id' }] } });
    const east = await ask(`PUT /v1/regions/east/${path}/${first.id}`, { body: first });
    expect(east).toMatchObject({ status: 400, body: { errors: [{ pointer: '/region' }] } });
  });
});

describe('a planned event is refused', () => {
  it.each([
    ['that ends before it begins', { until: '2027-01-15' }, '/until'],
    ['whose spread decreases', { size: { cores: { low: 3, mid: 2, high: 4 } } }, '/size/cores'],
    ['without a size', { size: {} }, '/size'],
    ['of a kind that nobody knows', { kind: 'party' }, '/kind'],
    ['in hosts where it is demand', { size: { hosts: 3 } }, '/size'],
    ['that is surer than sure', { probability: 1.1 }, '/probability'],
    ['on a day that does not exist', { date: '2027-02-30' }, '/date'],
    ['with a direction that is no migration', { direction: 'out' }, '/direction'],
  ])('%s', async (_name, change, pointer) => {
    const body = { ...LAUNCH, ...change };
    const answer = await memoryApi().ask('PUT /v1/regions/west/events/shop', { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});

describe('a labelled shift is refused', () => {
  it.each([
    ['that is permanent and ends', { until: '2026-09-02' }],
    ['that is a fault without an end', { label: 'fault' }],
    ['that ends before it begins', { label: 'temporary', until: '2026-08-01' }],
  ])('%s', async (_name, change) => {
    const body = { ...SHIFT, ...change };
    const answer = await memoryApi().ask('PUT /v1/regions/west/shifts/move', { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/until' }] } });
  });
});

describe('the exhaustion of a region', () => {
  it('is that of its newest forecast', async () => {
    const { ask, ports } = memoryApi();
    const region = parseRegion('west');
    await ports.regions.ensure(region, new Date(0));
    const { exhaustion } = regionForecast(growingInputs());
    const origin = exhaustion?.origin ?? '';
    const createdAt = '2026-11-20T02:00:00Z';
    const kept = { region, metric: 'exhaustion', origin, createdAt, body: exhaustion } as const;
    await ports.forecasts.put(kept);
    const { status, body } = await ask('GET /v1/regions/west/exhaustion');
    expect(status).toBe(200);
    expect(regionExhaustion.parse(body)).toEqual(exhaustion);
  });

  it('says what is missing where it is not known', async () => {
    const { ask, ports } = memoryApi();
    await ports.regions.ensure(parseRegion('west'), new Date(0));
    const answer = await ask('GET /v1/regions/west/exhaustion');
    expect(answer).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('an inventory of Placement or Nova') },
    });
  });
});
