import fc from 'fast-check';
import { expect, it } from 'vitest';
import { publisherRow } from '../ingest/samples.ts';
import { retractionWorld } from './retraction-world.ts';

const FILES = ['a.jsonl', 'b.jsonl', 'c.jsonl'];

/** Readings that repeat, contradict and end one another, around two midnights. */
const reading = fc
  .record({
    resource: fc.constantFrom('r1', 'r2'),
    meter: fc.constantFrom('vcpus', 'instance', 'cpu'),
    volume: fc.integer({ min: 0, max: 3 }),
    project: fc.constantFrom('p1', 'p1', 'p2'),
    status: fc.constantFrom('active', 'active', 'active', 'deleted'),
    halfHour: fc.integer({ min: 20, max: 48 + 10 }),
  })
  .map(({ resource, meter, volume, project, status, halfHour }) =>
    publisherRow({
      name: meter,
      type: meter === 'cpu' ? 'cumulative' : 'gauge',
      unit: { vcpus: 'vcpu', instance: 'instance', cpu: 'ns' }[meter],
      volume,
      resource_id: resource,
      project_id: project,
      resource_metadata: { status },
      timestamp: new Date(Date.parse('2026-10-05T00:00:00Z') + halfHour * 1_800_000).toISOString(),
      id: `${resource}-${meter}-${halfHour}`,
    }),
  );

/** Rows, and the files that each stands in: some in several. */
const exported = fc.array(fc.tuple(reading, fc.subarray(FILES, { minLength: 1 })), {
  minLength: 5,
  maxLength: 40,
});

function filesOf(rows: readonly [string, string[]][]): Record<string, string> {
  const files = FILES.map((name): [string, string] => {
    const own = rows.filter(([, names]) => names.includes(name));
    return [name, own.map(([row]) => row).join('\n')];
  });
  return Object.fromEntries(files.filter(([, text]) => text !== ''));
}

it('withdrawn equals never ingested, whatever other objects say of the same readings', async () => {
  await fc.assert(
    fc.asyncProperty(exported, fc.subarray(FILES), async (rows, withdrawn) => {
      const files = filesOf(rows);
      const world = retractionWorld();
      const ingests = await world.ingest(files);
      await world.meter();
      for (const { id, key } of ingests) {
        if (withdrawn.some((name) => key.endsWith(name))) await world.retract(id);
      }
      await world.meter();
      const never = retractionWorld();
      const kept = Object.entries(files).filter(([name]) => !withdrawn.includes(name));
      if (kept.length > 0) await never.ingest(Object.fromEntries(kept));
      await never.meter();
      expect(await world.usage()).toEqual(await never.usage());
    }),
    { numRuns: 4 },
  );
}, 120_000);
