import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ingest } from '../../../lib/ports/ledger.ts';
import { ingestWorld } from './ingest-world.ts';

/** Exports of real OpenStack services, beside the repository; they are not part of it. */
const FORMATS = join(import.meta.dirname, '../../../../shared/data/formats');
const CEILOMETER: Readonly<
  Record<string, { state: string; format: string; read: number; reason?: RegExp }>
> = {
  'distil-all-OldSample.jsonl': { state: 'ingested', format: 'ceilometer-messaging', read: 2_820 },
  'file-publisher-json.jsonl': { state: 'ingested', format: 'ceilometer-publisher', read: 41 },
  'file-publisher-python-repr.log': { state: 'refused', format: 'none', read: 0, reason: /\?json/ },
  'http-publisher-batch-False-bodies.jsonl': {
    state: 'ingested',
    format: 'ceilometer-publisher',
    read: 5,
  },
  'http-publisher-batch-body.json': { state: 'ingested', format: 'ceilometer-publisher', read: 10 },
  'messaging-publisher-signed.jsonl': {
    state: 'ingested',
    format: 'ceilometer-messaging',
    read: 41,
  },
  'messaging-signature-vectors.json': {
    state: 'refused',
    format: 'none',
    read: 0,
    reason: /wrapped/,
  },
  'sample-list.csv': { state: 'refused', format: 'none', read: 0, reason: /GET \/v2\/samples/ },
  'v2-meters-OldSample.json': { state: 'ingested', format: 'ceilometer-messaging', read: 39 },
  'v2-meters-OldSample.jsonl': { state: 'ingested', format: 'ceilometer-messaging', read: 39 },
  'v2-samples-Sample.json': { state: 'ingested', format: 'ceilometer-api-v2', read: 12 },
};
/** Of other services: bare they do not say what they measure, and are refused with advice. */
const OTHERS = ['gnocchi', 'placement', 'nova', 'cloudkitty', 'exporter', 'focus'];

function told({ counts }: Ingest): number {
  return counts.accepted + counts.duplicate + counts.conflict + counts.quarantined;
}

describe.skipIf(!existsSync(FORMATS))('real exports (../shared/data/formats)', () => {
  it('of Ceilometer are all known here', () => {
    expect(readdirSync(join(FORMATS, 'ceilometer')).toSorted()).toEqual(
      Object.keys(CEILOMETER).toSorted(),
    );
  });

  it.each(Object.entries(CEILOMETER))('%s', async (name, { state, format, read, reason }) => {
    const body = readFileSync(join(FORMATS, 'ceilometer', name));
    const [ingest] = await ingestWorld().ingest({ [name]: body });
    expect(ingest).toMatchObject({ state, format, counts: { read } });
    expect(ingest && told(ingest)).toBe(read);
    expect(ingest?.problem ?? '').toMatch(reason ?? /^$/);
  });

  it('of other services are refused with a reason, or hold rows that are', async () => {
    const files = OTHERS.flatMap((folder) =>
      readdirSync(join(FORMATS, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.prom'))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    expect(files.length).toBeGreaterThan(50);
    const world = ingestWorld();
    const bodies = files.map(
      (file) => [file.slice(FORMATS.length + 1), readFileSync(file)] as const,
    );
    for (const ingest of await world.ingest(Object.fromEntries(bodies))) {
      expect(told(ingest)).toBe(ingest.counts.read);
      expect(ingest.state, ingest.key).toBe('refused');
      expect(ingest.problem, ingest.key).toMatch(/\w{3,}.*(Wrap|Send|known|Write)/s);
    }
  });
});
