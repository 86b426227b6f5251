import { describe, expect, it } from 'vitest';
import { memoryApi, NOW, WEST } from './api.ts';

const PATH = '/v1/meters/gpu';
const GPU = {
  id: 'gpu',
  name: 'gpu',
  type: 'gauge',
  units: ['gpu'],
  measure: 'gpu',
  classFrom: 'flavor.extra_specs.gpu',
};

async function meteredRegion() {
  const api = memoryApi();
  await api.ports.regions.ensure(WEST, NOW);
  for (const date of ['2026-10-01', '2026-10-02']) {
    const key = { region: WEST, date, shard: 0 };
    await api.ports.partitions.touch(key, { now: NOW, delaySeconds: 0 });
    const lease = await api.ports.partitions.lease(key, { now: NOW, seconds: 10 });
    if (lease !== null) await api.ports.partitions.complete(lease);
  }
  const dueDays = async (): Promise<string[]> => {
    const due = await api.ports.partitions.listDue({ now: new Date('2027-01-01'), limit: 100 });
    return due.map(({ date }) => date).toSorted();
  };
  return { ...api, dueDays };
}

describe('the meters of an operator', () => {
  it('are written, listed, read and taken away', async () => {
    const { ask } = memoryApi();
    expect(await ask(`PUT ${PATH}`, { body: GPU })).toMatchObject({ status: 201, body: GPU });
    expect(await ask(`GET ${PATH}`)).toMatchObject({ status: 200, body: GPU });
    expect((await ask('GET /v1/meters')).body).toMatchObject({
      items: [{ id: 'gpu', etag: '"1"' }],
    });
    const removal = await ask(`DELETE ${PATH}`, { headers: { 'if-match': '"1"' } });
    expect(removal.status).toBe(204);
    expect((await ask(`GET ${PATH}`)).status).toBe(404);
  });

  it('meter every day again, and only once the change is written', async () => {
    const { ask, ports, dueDays } = await meteredRegion();
    expect((await ask(`PUT ${PATH}`, { body: GPU })).status).toBe(201);
    expect(await dueDays()).toEqual(['2026-10-01', '2026-10-02']);
    const atOnce = await ports.partitions.listDue({ now: NOW, limit: 10 });
    expect(atOnce).toEqual([]);
    expect(ports.messages.wakeUps).toEqual([{ delaySeconds: 30 }]);
  });

  it('meter nothing again when the same document is written again, or the write is refused', async () => {
    const { ask, ports } = await meteredRegion();
    await ask(`PUT ${PATH}`, { body: GPU });
    const again = await ask(`PUT ${PATH}`, { body: GPU, headers: { 'if-match': '"1"' } });
    const stale = await ask(`PUT ${PATH}`, {
      body: { ...GPU, units: ['card'] },
      headers: { 'if-match': '"7"' },
    });
    expect([again.status, stale.status]).toEqual([200, 412]);
    expect(ports.messages.wakeUps).toHaveLength(1);
  });

  it('are metered no more once they are taken away', async () => {
    const { ask, ports } = await meteredRegion();
    await ask(`PUT ${PATH}`, { body: GPU });
    await ask(`DELETE ${PATH}`, { headers: { 'if-match': '"1"' } });
    expect(ports.messages.wakeUps).toHaveLength(2);
  });

  it('are refused with the place of each fault', async () => {
    const { ask } = memoryApi();
    const taken = await ask(`PUT ${PATH}`, { body: { ...GPU, name: 'vcpus' } });
    expect(taken).toMatchObject({ status: 422, body: { errors: [{ pointer: '/name' }] } });
    const other = await ask(`PUT ${PATH}`, { body: { ...GPU, id: 'tpu' } });
    expect(other).toMatchObject({ status: 400, body: { errors: [{ pointer: '/id' }] } });
  });

  it('may be named by the settings of a region once they are there', async () => {
    const { ask } = memoryApi();
    const body = {
      region: 'west',
      metering: [{ from: '2026-10-01', meters: { gpu: { intervalSeconds: 600 } } }],
    };
    const before = await ask('PUT /v1/regions/west/settings', { body });
    expect(before).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/metering/0/meters/gpu' }] },
    });
    await ask(`PUT ${PATH}`, { body: GPU });
    expect((await ask('PUT /v1/regions/west/settings', { body })).status).toBe(201);
  });

  it('give their measure its unit in the usage', async () => {
    const { ask, ports } = await meteredRegion();
    await ask(`PUT ${PATH}`, { body: GPU });
    const stamp = { region: WEST, date: '2026-10-01', shard: 0, generation: 1 };
    const hours = Array.from({ length: 24 }, () => '0');
    const quantities = [{ measure: 'gpu', class: 'a100', quantity: '48' }];
    await ports.totals.replace(
      { region: WEST, date: '2026-10-01', shard: 0 },
      1,
      [{ ...stamp, project: 'p1', quantities, cores: hours, ramGib: hours }],
      { ...stamp, cores: hours, ramGib: hours },
    );
    const answer = await ask('GET /v1/usage', {
      query: { from: '2026-10-01', to: '2026-10-02', groupBy: 'measure' },
    });
    expect(answer.body).toMatchObject({
      items: [{ measure: 'gpu', quantity: '48', unit: 'gpu-hour' }],
    });
  });
});
