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
});
