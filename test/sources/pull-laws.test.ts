import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, pullWorld } from './pull-world.ts';
import { type Fault, type RecordedOpenStack, recordedOpenStack } from './recorded-openstack.ts';

const USAGE = '/compute/v2.1/os-simple-tenant-usage';
const END = '2026-11-21T22:30:00Z';

let cloud: RecordedOpenStack;
beforeAll(async () => {
  cloud = await recordedOpenStack({ password: PASSWORD, now: () => new Date(END) });
  const sizes = { vcpus: 2, memoryMib: 4_096 };
  const of = (id: string, from: string, to: string) => ({
    id,
    project: id.slice(0, 1),
    ...sizes,
    startedAt: `2026-11-21T${from}Z`,
    endedAt: `2026-11-21T${to}Z`,
  });
  cloud.servers.push(
    of('a-1', '00:10:00', '21:00:00'),
    of('a-2', '03:00:00', '03:00:01'),
    of('b-1', '08:59:59', '17:20:00'),
  );
});
afterAll(() => cloud.close());

const fault = fc.constantFrom<Fault>(
  {},
  { status: 400, body: '{}' },
  { status: 401, body: '{}' },
  { status: 429, headers: { 'retry-after': '300' } },
  { status: 503 },
  { cutAfter: 30 },
);
const run = fc.record({
  minutes: fc.integer({ min: 0, max: 300 }),
  overlapMinutes: fc.integer({ min: 0, max: 400 }),
  pageSize: fc.constant(2),
  seconds: fc.constantFrom(30, 46, 900),
  faults: fc.array(fault, { maxLength: 6 }),
});

it('whatever the times, overlaps, faults and ends of runs, the same answers land once', async () => {
  const source = { kind: 'nova-usage', historyDays: 0, pageSize: 2 };
  const straight = pullWorld(cloud, { at: END });
  await straight.pull(straight.source(source));
  const expected = await straight.keys();
  expect(expected.length).toBeGreaterThan(15);
  await fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 6 }), async (runs) => {
      const world = pullWorld(cloud, { at: '2026-11-21T00:30:00Z' });
      for (const { minutes, seconds, faults, ...fields } of runs) {
        const next = Math.min(world.at().getTime() + minutes * 60_000, Date.parse(END));
        world.moveTo(new Date(next).toISOString());
        cloud.fail(USAGE, ...faults);
        await world.pull(world.source({ ...source, ...fields }), { seconds });
        cloud.heal();
      }
      world.moveTo(END);
      await world.pull(world.source(source));
      expect((await world.state()).lastRun?.error).toBeNull();
      expect(await world.keys()).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});
